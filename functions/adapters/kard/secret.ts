import { createHash } from "node:crypto";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { KardCredentials } from "../../core/kard/ports.ts";
import type { Clock, ReportError } from "../../core/shared/ports.ts";
import { parseJson } from "./schemas.ts";

const printable = z.string().regex(/^[\x20-\x7e]+$/);
const webhookKeys = { webhookKey: z.string().min(1).optional(), previousWebhookKey: z.string().min(1).optional() };
const credential = z.object({
  clientId: printable,
  clientSecret: printable,
  tokenUrl: z.url().optional(),
  ...webhookKeys,
  managesSeveralIssuers: z.boolean().default(false),
});
const secretContent = credential.extend({
  webhookKey: z.string().min(1),
  issuers: z.record(z.string(), credential).default({}),
});

/** A credential, with the URL at which it gets its tokens. */
export type KardCredential = z.infer<typeof credential> & { tokenUrl: string };

interface SecretContent {
  shared: KardCredential;
  /** A Map, because an organization may be called "constructor" or "__proto__". */
  issuers: Map<string, KardCredential>;
}

export interface KardSecret extends KardCredentials {
  /** The issuer's own credential, or the one that stands for all. */
  credentialFor(organizationId: string): Promise<KardCredential>;
  /**
   * The keys by which Kard may sign what it pushes about this issuer: the current one, and the previous one if it is
   * kept.
   */
  webhookKeysFor(organizationId: string): Promise<string[]>;
  /** Reads the secret again, since it may have been rotated; not more often than every ten seconds. */
  reread(): Promise<void>;
}

const ttlMs = 5 * 60 * 1000;
const rereadAfterMs = 10 * 1000;

/**
 * Kard's credentials, from a secret in Secrets Manager that holds JSON: `clientId`, `clientSecret`, `webhookKey`,
 * `previousWebhookKey`, `managesSeveralIssuers` and `issuers`, which may name other credentials for an organization.
 * Read when first needed and again after five minutes; what was read is kept while it cannot be read again. Throws if
 * it could never be read; what is thrown never tells what the secret holds.
 *
 * @param options.tokenUrl where credentials get their tokens that name no URL of their own
 */
export function createKardSecret(options: {
  secretArn: string;
  tokenUrl: string;
  client: Pick<SecretsManagerClient, "send">;
  clock: Clock;
  reportError: ReportError;
}): KardSecret {
  const { secretArn, tokenUrl, client, clock, reportError } = options;
  const cache = new LRUCache<"secret", { content: SecretContent; readAt: number }>({
    max: 1,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: clock },
    async fetchMethod(_, held, { options: entry }) {
      try {
        return { content: await readSecret(client, secretArn, tokenUrl), readAt: clock() };
      } catch (error) {
        if (held === undefined) throw error;
        reportError(error);
        entry.ttl = rereadAfterMs;
        return { ...held, readAt: clock() };
      }
    },
  });

  const content = async () => (await cache.forceFetch("secret")).content;

  return {
    async credentialFor(organizationId) {
      const { shared, issuers } = await content();
      return issuers.get(organizationId) ?? shared;
    },
    async credentialIdentityFor(organizationId) {
      const { shared, issuers } = await content();
      const own = issuers.get(organizationId);
      const credentialId = credentialIdOf(own ?? shared);
      const uses = [shared, ...issuers.values()].filter((other) => credentialIdOf(other) === credentialId);
      const namesIssuer = (own ?? shared).managesSeveralIssuers;
      return { credentialId, isShared: !namesIssuer && (own === undefined || uses.length > 1) };
    },
    async webhookKeysFor(organizationId) {
      const { shared, issuers } = await content();
      const own = issuers.get(organizationId);
      const { webhookKey, previousWebhookKey } = own?.webhookKey === undefined ? shared : own;
      return [webhookKey, previousWebhookKey].filter((key) => key !== undefined);
    },
    async reread() {
      const held = cache.peek("secret", { allowStale: true });
      const isRecent = held !== undefined && clock() - held.readAt < rereadAfterMs;
      await cache.forceFetch("secret", { forceRefresh: !isRecent });
    },
  };
}

async function readSecret(
  client: Pick<SecretsManagerClient, "send">,
  secretArn: string,
  tokenUrl: string,
): Promise<SecretContent> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const parsed = secretContent.safeParse(parseJson(SecretString ?? ""));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join(".") || "the whole");
    throw new Error(`Kard's secret does not hold what it must: ${places.join(", ")}`);
  }
  const { issuers, ...shared } = parsed.data;
  const resolved = (given: z.infer<typeof credential>) => ({ ...given, tokenUrl: given.tokenUrl ?? tokenUrl });
  const own = Object.entries(issuers).map(([id, given]) => [id, resolved(given)] as const);
  return { shared: resolved(shared), issuers: new Map(own) };
}

const credentialIds = new WeakMap<KardCredential, string>();

/** Names a credential without telling what it holds; a rotated client secret leaves it the same. */
function credentialIdOf(credential: KardCredential): string {
  const { tokenUrl, clientId } = credential;
  const known = credentialIds.get(credential);
  const id =
    known ??
    createHash("sha256")
      .update(JSON.stringify([tokenUrl, clientId]))
      .digest("hex")
      .slice(0, 16);
  // It is asked for at every call, of every credential of the secret.
  if (known === undefined) credentialIds.set(credential, id);
  return id;
}
