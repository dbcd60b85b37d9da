import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import type { Clock } from "../core/ports.ts";
import { parseJson } from "./kard-schemas.ts";

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

export type KardCredential = z.infer<typeof credential>;

export interface KardSecret {
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
 */
export function createKardSecret(options: {
  secretArn: string;
  client: Pick<SecretsManagerClient, "send">;
  clock: Clock;
}): KardSecret {
  const { secretArn, client, clock } = options;
  let cached: { content: ReturnType<typeof readSecret>; readAt: number } | undefined;

  function contentNoOlderThan(ms: number) {
    if (cached !== undefined && clock() - cached.readAt < ms) return cached.content;
    const reading = { content: readSecret(client, secretArn), readAt: clock() };
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
    async webhookKeyFor(organizationId) {
      const content = await contentNoOlderThan(keptMs);
      return content.issuers.get(organizationId)?.webhookKey ?? content.webhookKey;
    },
    async reread() {
      await contentNoOlderThan(rereadAfterMs);
    },
  };
}

async function readSecret(client: Pick<SecretsManagerClient, "send">, secretArn: string) {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const parsed = secretContent.safeParse(parseJson(SecretString ?? ""));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join(".") || "the whole");
    throw new Error(`Kard's secret does not hold what it must: ${places.join(", ")}`);
  }
  const { issuers, webhookKey, ...shared } = parsed.data;
  // A Map, because an organization may be called "constructor" or "__proto__".
  return { shared: shared as KardCredential, webhookKey, issuers: new Map(Object.entries(issuers)) };
}
