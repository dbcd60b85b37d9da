import { createHash } from "node:crypto";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import type { KardCredentials } from "../core/kard-ports.ts";
import type { Clock } from "../core/ports.ts";
import { parseJson } from "./kard-schemas.ts";

interface SecretContent {
  shared: KardCredential;
  webhookKey: string;
  /** A Map, because an organization may be called "constructor" or "__proto__". */
  issuers: Map<string, KardCredential>;
}

const printable = z.string().regex(/^[\x20-\x7e]+$/);
const credential = z.object({
  clientId: printable,
  clientSecret: printable,
  tokenUrl: z.url().optional(),
  webhookKey: z.string().min(1).optional(),
  managesSeveralIssuers: z.boolean().default(false),
});
const secretContent = credential.extend({
  webhookKey: z.string().min(1),
  issuers: z.record(z.string(), credential).default({}),
});

/** A credential, with the URL at which it gets its tokens. */
export type KardCredential = z.infer<typeof credential> & { tokenUrl: string };

export interface KardSecret extends KardCredentials {
  /** The issuer's own credential, or the one that stands for all. */
  credentialFor(organizationId: string): Promise<KardCredential>;
  /** The key by which Kard signs what it pushes about this issuer. */
  webhookKeyFor(organizationId: string): Promise<string>;
  /** Reads the secret again, since it may have been rotated; not more often than every ten seconds. */
  reread(): Promise<void>;
}

const keptMs = 5 * 60 * 1000;
const rereadAfterMs = 10 * 1000;

/**
 * Kard's credentials, from a secret in Secrets Manager that holds JSON: `clientId`, `clientSecret`, `webhookKey`,
 * `managesSeveralIssuers` and `issuers`, which may name other credentials for an organization. Read when first needed
 * and again after five minutes. Throws if it cannot be read; what is thrown never tells what the secret holds.
 *
 * @param options.tokenUrl where credentials get their tokens that name no URL of their own
 */
export function createKardSecret(options: {
  secretArn: string;
  tokenUrl: string;
  client: Pick<SecretsManagerClient, "send">;
  clock: Clock;
}): KardSecret {
  const { secretArn, tokenUrl, client, clock } = options;
  let cached: { content: Promise<SecretContent>; readAt: number } | undefined;

  function contentNoOlderThan(ms: number) {
    if (cached !== undefined && clock() - cached.readAt < ms) return cached.content;
    const reading = { content: readSecret(client, secretArn, tokenUrl), readAt: clock() };
    reading.content.catch(() => {
      if (cached === reading) cached = undefined;
    });
    cached = reading;
    return reading.content;
  }

  return {
    async credentialFor(organizationId) {
      const content = await contentNoOlderThan(keptMs);
      return content.issuers.get(organizationId) ?? content.shared;
    },
    async credentialIdentityFor(organizationId) {
      const { shared, issuers } = await contentNoOlderThan(keptMs);
      const own = issuers.get(organizationId);
      const credentialId = credentialIdOf(own ?? shared);
      const uses = [shared, ...issuers.values()].filter((other) => credentialIdOf(other) === credentialId);
      const namesIssuer = (own ?? shared).managesSeveralIssuers;
      return { credentialId, isShared: !namesIssuer && (own === undefined || uses.length > 1) };
    },
    async webhookKeyFor(organizationId) {
      const content = await contentNoOlderThan(keptMs);
      return content.issuers.get(organizationId)?.webhookKey ?? content.webhookKey;
    },
    async reread() {
      await contentNoOlderThan(rereadAfterMs);
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
  const { issuers, webhookKey, ...shared } = parsed.data;
  const resolved = (given: z.infer<typeof credential>) => ({ ...given, tokenUrl: given.tokenUrl ?? tokenUrl });
  const own = Object.entries(issuers).map(([id, given]) => [id, resolved(given)] as const);
  return { shared: resolved(shared), webhookKey, issuers: new Map(own) };
}

/** Names a credential without telling what it holds; a rotated client secret leaves it the same. */
function credentialIdOf({ tokenUrl, clientId }: KardCredential): string {
  return createHash("sha256")
    .update(JSON.stringify([tokenUrl, clientId]))
    .digest("hex")
    .slice(0, 16);
}
