import type { SubscriptionStore } from "../../functions/core/ports.ts";
import { byName, copyOf, type MemoryState, nameOf } from "./memory-state.ts";

/** Subscriptions in memory. */
export function memorySubscriptions({ subscriptions }: MemoryState): SubscriptionStore {
  return {
    async create(subscription) {
      const { organizationId, subscriptionId } = subscription;
      subscriptions.set(nameOf(organizationId, subscriptionId), copyOf(subscription));
    },
    async get(organizationId, subscriptionId) {
      const stored = subscriptions.get(nameOf(organizationId, subscriptionId));
      return stored === undefined ? undefined : copyOf(stored);
    },
    async list(organizationId) {
      return [...subscriptions.values()]
        .filter((subscription) => subscription.organizationId === organizationId)
        .sort((a, b) => byName(a.subscriptionId, b.subscriptionId))
        .map(copyOf);
    },
  };
}
