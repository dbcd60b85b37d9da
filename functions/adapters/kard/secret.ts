import { createHash } from "node:crypto";
import * as z from "zod";
import type { KardCredentials } from "../../core/kard/ports.ts";
import { cachedSecret, type SecretSource } from "../aws/cached-secret.ts";
import { parseJson } from "./schemas.ts";

const printable = z.string().regex(/^[\x20-\x7e]+$/);
const webhookKeys = { webhookKey: z.string().min(1).optional(), previousWebhookKey: z.string().min(1).optional() };
const credential = z.object({
  clientId: printable,
  clientSecret: printable,
  tokenUrl: z.url().optional(),
  tokenRequest: z.enum(["form", "json"]).optional(),
  ...webhookKeys,
  managesSeveralIssuers: z.boolean().default(false),
});
const secretContent = credential.extend({
  webhookKey: z.string().min(1),
  issuers: z.record(z.string(), credential).default({}),
});

/** A credential with its token URL. `tokenRequest` is the format of token requests; a form by default. */
export type KardCredential = z.infer<typeof credential> & { tokenUrl: string };

type TokenEndpoint = Pick<KardCredential, "tokenUrl" | "tokenRequest">;

interface SecretContent {
  shared: KardCredential;
  /** A Map, because an organization may be named "constructor" or "__proto__". */
  issuers: Map<string, KardCredential>;
  /** How many issuers use each credential, by its id. The shared one counts as one. */
  uses: Map<string, number>;
}

export interface KardSecret extends KardCredentials {
  /** The issuer's own credential, or the shared one. */
  credentialFor(organizationId: string): Promise<KardCredential>;
  /** The keys of Kard's signatures for this issuer: the current one, and the previous one if it is kept. */
  webhookKeysFor(organizationId: string): Promise<string[]>;
  /** Reads the secret again after a possible rotation, at most every ten seconds. */
  reread(): Promise<void>;
}

/**
 * Kard's credentials from Secrets Manager. The secret is JSON with `clientId`, `clientSecret`, `webhookKey`,
 * `previousWebhookKey`, `managesSeveralIssuers` and `issuers`, which may have own credentials per organization. It is
 * cached for five minutes, and longer if it cannot be read again. It throws if the secret was never readable; errors do
 * not contain the secret.
 *
 * @param options.tokenUrl the token URL of credentials without their own, and how a token is requested there
 */
export function createKardSecret({ tokenUrl, tokenRequest, ...source }: SecretSource & TokenEndpoint): KardSecret {
  const { get: content, reread } = cachedSecret(source, (text) => readContent(text, { tokenUrl, tokenRequest }));

  return {
    async credentialFor(organizationId) {
      const { shared, issuers } = await content();
      return issuers.get(organizationId) ?? shared;
    },
    async credentialIdentityFor(organizationId) {
      const { shared, issuers, uses } = await content();
      const own = issuers.get(organizationId);
      const credentialId = credentialIdOf(own ?? shared);
      const namesIssuer = (own ?? shared).managesSeveralIssuers;
      return { credentialId, isShared: !namesIssuer && (own === undefined || (uses.get(credentialId) ?? 0) > 1) };
    },
    async webhookKeysFor(organizationId) {
      const { shared, issuers } = await content();
      const own = issuers.get(organizationId);
      const { webhookKey, previousWebhookKey } = own?.webhookKey === undefined ? shared : own;
      return [webhookKey, previousWebhookKey].filter((key) => key !== undefined);
    },
    reread,
  };
}

function readContent(text: string, endpoint: TokenEndpoint): SecretContent {
  const parsed = secretContent.safeParse(parseJson(text));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join(".") || "the whole");
    throw new Error(`Kard's secret is invalid: ${places.join(", ")}`);
  }
  const { issuers, ...shared } = parsed.data;
  const resolved = ({ tokenUrl, ...given }: z.infer<typeof credential>): KardCredential =>
    tokenUrl === undefined
      ? { ...given, ...endpoint, tokenRequest: given.tokenRequest ?? endpoint.tokenRequest }
      : { ...given, tokenUrl };
  const own = Object.entries(issuers).map(([id, given]) => [id, resolved(given)] as const);
  const content = { shared: resolved(shared), issuers: new Map(own) };
  const uses = new Map<string, number>();
  for (const each of [content.shared, ...content.issuers.values()]) {
    uses.set(credentialIdOf(each), (uses.get(credentialIdOf(each)) ?? 0) + 1);
  }
  return { ...content, uses };
}

const credentialIds = new WeakMap<KardCredential, string>();

/** A stable id that does not reveal the credential. It stays the same when the client secret is rotated. */
function credentialIdOf(credential: KardCredential): string {
  const { tokenUrl, clientId } = credential;
  const id =
    credentialIds.get(credential) ??
    createHash("sha256")
      .update(JSON.stringify([tokenUrl, clientId]))
      .digest("hex")
      .slice(0, 16);
  credentialIds.set(credential, id);
  return id;
}
