import type { SubscriptionOutbox, SubscriptionStore } from "../../functions/core/ports.ts";
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
    async update(subscription, seenRevision) {
      const name = nameOf(subscription.organizationId, subscription.subscriptionId);
      if (subscriptions.get(name)?.revision !== seenRevision) return "stale";
      subscriptions.set(name, copyOf(subscription));
      return "done";
    },
    async delete(organizationId, subscriptionId) {
      return subscriptions.delete(nameOf(organizationId, subscriptionId)) ? "done" : "missing";
    },
  };
}

/** The outbox of the subscriptions in memory. */
export function memorySubscriptionOutbox({ subscriptions }: MemoryState): SubscriptionOutbox {
  return {
    async due(now, limit) {
      return [...subscriptions.values()]
        .filter(({ outboxAt }) => outboxAt !== undefined && outboxAt <= now)
        .sort((a, b) => (a.outboxAt ?? 0) - (b.outboxAt ?? 0))
        .slice(0, limit)
        .map(({ organizationId, subscriptionId }) => ({ organizationId, subscriptionId }));
    },
  };
}
