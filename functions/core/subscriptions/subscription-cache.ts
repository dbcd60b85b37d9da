import { LRUCache } from "lru-cache";
import type { Clock } from "../shared/ports.ts";
import type { SubscriptionStore } from "./ports.ts";
import type { Subscription } from "./subscription.ts";

/** A changed subscription takes effect within this time. */
const ttlMs = 2_000;
const maxEntries = 1_000;

/** Caches subscriptions that many deliveries need. */
export interface SubscriptionCache extends Pick<SubscriptionStore, "get"> {
  forget(organizationId: string, subscriptionId: string): void;
}

/** Caches subscriptions, and also that one does not exist. Concurrent reads of one are shared. */
export function cacheSubscriptions(subscriptions: Pick<SubscriptionStore, "get">, clock: Clock): SubscriptionCache {
  const nameOf = (...key: [organizationId: string, subscriptionId: string]) => JSON.stringify(key);
  const cache = new LRUCache<string, { subscription: Subscription | undefined }>({
    max: maxEntries,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: clock },
    // A forgotten read still answers those who wait for it.
    ignoreFetchAbort: true,
    async fetchMethod(name) {
      const [organizationId, subscriptionId] = JSON.parse(name) as [string, string];
      return { subscription: await subscriptions.get(organizationId, subscriptionId) };
    },
  });
  return {
    forget(organizationId, subscriptionId) {
      cache.delete(nameOf(organizationId, subscriptionId));
    },

    async get(organizationId, subscriptionId) {
      return (await cache.forceFetch(nameOf(organizationId, subscriptionId))).subscription;
    },
  };
}
