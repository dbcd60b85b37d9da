import { LRUCache } from "lru-cache";
import type { Clock } from "../shared/ports.ts";
import type { SubscriptionStore } from "./ports.ts";
import type { Subscriber } from "./subscription.ts";

const ttlMs = 2_000;
const maxIssuers = 1_000;

interface CachedList {
  readAt: number;
  subscriptions: Promise<Subscriber[]>;
}

/**
 * Caches each issuer's subscriptions for two seconds. A list from before `readSince` is read again: otherwise a
 * subscription created since then would miss the event of that time.
 */
export function cachedSubscriptionLists(
  subscriptions: Pick<SubscriptionStore, "list">,
  clock: Clock,
): { list(organizationId: string, readSince?: number): Promise<Subscriber[]> } {
  const cache = new LRUCache<string, CachedList>({ max: maxIssuers });
  return {
    list(organizationId, readSince = Number.POSITIVE_INFINITY) {
      const now = clock();
      const cached = cache.get(organizationId);
      if (cached !== undefined && cached.readAt >= readSince && now < cached.readAt + ttlMs)
        return cached.subscriptions;
      const reading = subscriptions.list(organizationId);
      cache.set(organizationId, { readAt: now, subscriptions: reading });
      reading.catch(() => cache.delete(organizationId));
      return reading;
    },
  };
}
