import { LRUCache } from "lru-cache";
import type { Clock, RunInBackground } from "../shared/ports.ts";
import { type ApiKey, apiKeyStatus, parseApiKey, secretMatches } from "./api-key.ts";
import type { Caller } from "./caller.ts";
import type { ApiKeyStore } from "./ports.ts";

/** A revoked key can work for up to this long. */
const ttlMs = 60_000;
const maxEntries = 1_000;

interface CachedKey {
  apiKey: ApiKey;
  /** The latest day that this environment has recorded or tried to record. */
  recordedOn: string | undefined;
}

/**
 * Authenticates API keys. Keys are cached for a minute, so a revoked key can work for up to a minute. Malformed keys
 * cost no read. Unknown, wrong, expired and revoked keys all give `undefined`. The day of use is recorded in the
 * background, once a day.
 */
export function cacheApiKeys(deps: {
  apiKeys: Pick<ApiKeyStore, "get" | "recordLastUse">;
  clock: Clock;
  runInBackground: RunInBackground;
}) {
  const cache = new LRUCache<string, CachedKey>({
    max: maxEntries,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: deps.clock },
    async fetchMethod(keyId, stale) {
      const apiKey = await deps.apiKeys.get(keyId);
      return apiKey && { apiKey, recordedOn: stale?.recordedOn };
    },
  });

  const recordLastUse = (key: CachedKey, now: number) => {
    const { keyId, lastUsedOn = "" } = key.apiKey;
    const today = new Date(now).toISOString().slice(0, 10);
    if (lastUsedOn >= today || key.recordedOn === today) return;
    key.recordedOn = today;
    deps.runInBackground(deps.apiKeys.recordLastUse(keyId, today));
  };

  return async (text: string): Promise<Caller | undefined> => {
    const presented = parseApiKey(text);
    if (presented === undefined) return undefined;
    const key = await cache.fetch(presented.keyId);
    if (key === undefined || !secretMatches(key.apiKey, presented.secret)) return undefined;
    const now = deps.clock();
    if (apiKeyStatus(key.apiKey, now) !== "active") return undefined;
    recordLastUse(key, now);
    const { keyId, organizations, scopes, validUntil } = key.apiKey;
    return { callerId: keyId, organizations, scopes, validUntil };
  };
}
