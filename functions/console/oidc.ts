import { challengeOf, newSecrets } from "./logic/pkce.ts";
import { go } from "./navigation.ts";

export interface SignInSettings {
  clientId: string;
  authorizationUrl: string;
  tokenUrl: string;
  scope: string;
  parameters: { [name: string]: string };
}

/** What has to survive the way to the identity provider and back, in this tab only. */
interface Pending {
  state: string;
  verifier: string;
  /** The fragment that the reader came for. */
  fragment: string;
}

const storageKey = "sign-in";

/** The identity provider of this deployment, from the page; `undefined` if there is none. */
export function signInSettings(): SignInSettings | undefined {
  const content = document.querySelector<HTMLMetaElement>('meta[name="sign-in"]')?.content;
  return content === undefined ? undefined : (JSON.parse(content) as SignInSettings);
}

/** The page's own URL, which has to be registered at the provider. */
const redirectUri = (): string => location.origin + location.pathname;

/** Leaves for the identity provider (OAuth 2.0 authorization code with PKCE, RFC 7636). */
export async function goToProvider(settings: SignInSettings): Promise<void> {
  const pending: Pending = { ...newSecrets(), fragment: location.hash };
  sessionStorage.setItem(storageKey, JSON.stringify(pending));
  const url = new URL(settings.authorizationUrl);
  for (const [name, value] of Object.entries({
    ...settings.parameters,
    ...{ response_type: "code", client_id: settings.clientId, redirect_uri: redirectUri(), scope: settings.scope },
    ...{ state: pending.state, code_challenge: await challengeOf(pending.verifier), code_challenge_method: "S256" },
  }))
    url.searchParams.set(name, value);
  location.assign(url);
}

/**
 * Completes a sign-in if the provider has sent the reader back. The code is removed from the URL.
 *
 * @returns the access token; `undefined` if no sign-in is under way
 * @throws Error with a message for the user
 */
export async function returnFromProvider(): Promise<string | undefined> {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("code") && !answer.has("error")) return undefined;
  const stored = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  const pending = stored === null ? undefined : (JSON.parse(stored) as Pending);
  go(location.pathname + (pending?.fragment ?? ""), "replace");
  const settings = signInSettings();
  if (settings === undefined) return undefined;
  if (pending === undefined || answer.get("state") !== pending.state) {
    throw new Error("This sign-in was not started here. Sign in again.");
  }
  if (answer.has("error")) throw new Error(answer.get("error_description") ?? "The sign-in was refused.");
  return redeem(settings, answer.get("code") ?? "", pending.verifier);
}

async function redeem({ tokenUrl, clientId }: SignInSettings, code: string, verifier: string): Promise<string> {
  const refused = new Error("The identity provider did not accept the sign-in. Sign in again.");
  const response = await fetch(tokenUrl, {
    method: "POST",
    credentials: "omit",
    body: new URLSearchParams({
      ...{ grant_type: "authorization_code", code, code_verifier: verifier },
      ...{ client_id: clientId, redirect_uri: redirectUri() },
    }),
  }).catch(() => {
    throw refused;
  });
  if (!response.ok) throw refused;
  const { access_token: token } = (await response.json()) as { access_token?: unknown };
  if (typeof token !== "string") throw refused;
  return token;
}
