import { computed, signal } from "@preact/signals";
import { ApiError, apiClient } from "./api.ts";
import type { Call } from "./call.ts";
import { go, hrefOf, place } from "./navigation.ts";
import { returnFromProvider } from "./oidc.ts";
import type { Schemas } from "./openapi.ts";

export type Scope = Schemas["Caller"]["data"]["attributes"]["scopes"][number];

interface Session {
  credential: string;
  organizations: readonly string[];
  scopes: readonly Scope[];
}

/** The key is in memory only, unless the reader asks to remember it for this tab. */
const storageKey = "credential";

const session = signal<Session | undefined>(undefined);
/** Why the reader has to sign in again. */
export const signInMessage = signal("");

export const isSignedIn = computed(() => session.value !== undefined);
export const organizations = computed(() => session.value?.organizations ?? []);
/** The issuer whose data is shown: the one in the URL, if the caller has access to it. */
export const organization = computed(() => place.value.organization);

/** Whether the caller has a scope. What it may not do is not offered. */
export const may = (scope: Scope): boolean => session.value?.scopes.includes(scope) ?? false;

/** The API with the reader's credential, for the issuer that is shown. */
export const api = computed((): Call => {
  const { credential = "" } = session.value ?? {};
  return apiClient(credential, organization.value, () => {
    // A late response to an earlier credential does not end the present session.
    if (session.value?.credential === credential) signOut("Your key is no longer valid. Sign in again.");
  });
});

/**
 * Signs in with an API key or an identity token.
 *
 * @throws ApiError with a message for the user
 */
export async function signIn(credential: string, remember: boolean): Promise<void> {
  // The browser refuses to send other characters, which copying can add without showing them.
  if (!/^[!-~]+$/.test(credential)) throw new ApiError(401, "This key is not valid.");
  const client = apiClient(credential, "", () => undefined);
  const { data } = await client("GET /v2/caller").catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) throw new ApiError(401, "This key is not valid.");
    throw error;
  });
  const { organizations: mine, scopes } = data.attributes;
  if (remember) sessionStorage.setItem(storageKey, credential);
  signInMessage.value = "";
  session.value = { credential, organizations: mine, scopes };
  if (place.value.organization === "") go(hrefOf(mine[0] ?? "", "disputes"), "replace");
}

/**
 * Forgets the credential and all data. The URL with its filters and ids stays only for a reader who has to sign in
 * again.
 *
 * @param message why the reader has to sign in again
 */
export function signOut(message = ""): void {
  sessionStorage.clear();
  if (message === "") go(location.pathname, "replace");
  session.value = undefined;
  signInMessage.value = message;
}

/**
 * Signs in with a credential that is remembered for this tab, or in the URL's fragment. A fragment is accepted on this
 * machine only: elsewhere, a link could sign a reader in with somebody else's key.
 */
export async function resumeSession(): Promise<void> {
  try {
    const token = await returnFromProvider();
    if (token !== undefined) return await signIn(token, false);
  } catch (error) {
    signInMessage.value = error instanceof Error ? error.message : String(error);
    return;
  }
  const [, key = "", rest = ""] = /^#key=([^&]+)&?(.*)$/.exec(location.hash) ?? [];
  if (key !== "") go(`#/${rest}`, "replace");
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
  const credential = key !== "" && isLocal ? key : sessionStorage.getItem(storageKey);
  if (credential === null || credential === "") return;
  await signIn(credential, key !== "").catch((error: Error) => {
    // Only a refused credential is forgotten. Otherwise the API may just be unreachable.
    if (error instanceof ApiError && error.status === 401) signOut(error.message);
    else signInMessage.value = error.message;
  });
}
