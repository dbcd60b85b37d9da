import type {
  SubscriptionOutbox,
  SubscriptionOutboxRow,
  SubscriptionStore,
} from "../../../functions/core/subscriptions/ports.ts";
import type { SubscriptionKey } from "../../../functions/core/subscriptions/subscription.ts";
import { pageOf } from "./audit-lanes.ts";
import { byName, copyOf, type MemoryState, nameOf } from "./state.ts";

/** Subscriptions in memory. */
export function memorySubscriptions({ subscriptions, deletedSubscriptions }: MemoryState): SubscriptionStore {
  const listInFull = async (organizationId: string) =>
    [...subscriptions.values()]
      .filter((subscription) => subscription.organizationId === organizationId)
      .sort((a, b) => byName(a.subscriptionId, b.subscriptionId))
      .map(copyOf);
  return {
    listInFull,
    async create(subscription) {
      const { organizationId, subscriptionId } = subscription;
      subscriptions.set(nameOf(organizationId, subscriptionId), copyOf(subscription));
    },
    async get(organizationId, subscriptionId) {
      const stored = subscriptions.get(nameOf(organizationId, subscriptionId));
      return stored === undefined ? undefined : copyOf(stored);
    },
    list: listInFull,
    async update(subscription, seenRevision) {
      const name = nameOf(subscription.organizationId, subscription.subscriptionId);
      if (subscriptions.get(name)?.revision !== seenRevision) return "stale";
      subscriptions.set(name, copyOf(subscription));
      return "done";
    },
    async delete(organizationId, subscriptionId, now) {
      const name = nameOf(organizationId, subscriptionId);
      if (!subscriptions.delete(name)) return "missing";
      deletedSubscriptions.set(name, { organizationId, subscriptionId, deletedAt: now, outboxAt: now });
      return "done";
    },
  };
}

/** The outbox of subscriptions in memory. */
export function memorySubscriptionOutbox({ subscriptions, deletedSubscriptions }: MemoryState): SubscriptionOutbox {
  const nameOfKey = ({ organizationId, subscriptionId }: SubscriptionKey) => nameOf(organizationId, subscriptionId);
  const compare = (a: SubscriptionOutboxRow, b: SubscriptionOutboxRow) =>
    a.outboxAt - b.outboxAt || byName(nameOfKey(a), nameOfKey(b));
  return {
    async due(now, limit, after) {
      const rows = [...subscriptions.values(), ...deletedSubscriptions.values()]
        .flatMap(({ organizationId, subscriptionId, outboxAt }) =>
          outboxAt !== undefined && outboxAt <= now ? [{ organizationId, subscriptionId, outboxAt }] : [],
        )
        .sort(compare);
      return pageOf(
        rows,
        limit,
        (row, from: SubscriptionOutboxRow) => compare(row, from) > 0,
        (row) => row,
        after,
      );
    },
    async get(key) {
      const found = subscriptions.get(nameOfKey(key)) ?? deletedSubscriptions.get(nameOfKey(key));
      return found === undefined ? undefined : copyOf(found);
    },
    async postpone(deleted) {
      if (deletedSubscriptions.has(nameOfKey(deleted))) deletedSubscriptions.set(nameOfKey(deleted), copyOf(deleted));
    },
    async remove(deleted) {
      deletedSubscriptions.delete(nameOfKey(deleted));
    },
  };
}
