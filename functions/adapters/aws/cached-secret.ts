import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { LRUCache } from "lru-cache";
import type { Clock, ReportError } from "../../core/shared/ports.ts";

export interface SecretSource {
  secretArn: string;
  client: Pick<SecretsManagerClient, "send">;
  clock: Clock;
  /** Hears why a secret could not be read again. */
  reportError: ReportError;
}

export interface CachedSecret<Content> {
  /** @throws what Secrets Manager or `parse` throws, if the secret could never be read */
  get(): Promise<Content>;
  /** Reads the secret again, since it may have been rotated; not more often than every ten seconds. */
  reread(): Promise<void>;
}

const ttlMs = 5 * 60 * 1000;
const rereadAfterMs = 10 * 1000;

/**
 * A cached secret from Secrets Manager. It is read when first needed and again after five minutes. The cached content
 * is kept while the secret cannot be read.
 *
 * @param parse parses the secret; its errors must not contain the content
 */
export function cachedSecret<Content>(
  { secretArn, client, clock, reportError }: SecretSource,
  parse: (text: string) => Content,
): CachedSecret<Content> {
  const cache = new LRUCache<"secret", { content: Content; readAt: number }>({
    max: 1,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: clock },
    async fetchMethod(_, held, { options: entry }) {
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
        return { content: parse(SecretString ?? ""), readAt: clock() };
      } catch (error) {
        if (held === undefined) throw error;
        reportError(error);
        entry.ttl = rereadAfterMs;
        return { ...held, readAt: clock() };
      }
    },
  });

  return {
    get: async () => (await cache.forceFetch("secret")).content,
    async reread() {
      const held = cache.peek("secret", { allowStale: true });
      const isRecent = held !== undefined && clock() - held.readAt < rereadAfterMs;
      await cache.forceFetch("secret", { forceRefresh: !isRecent });
    },
  };
}
