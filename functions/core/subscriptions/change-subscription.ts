import type { SubscriptionStore } from "./ports.ts";
import type { StoredHealthEvent, Subscription, SubscriptionKey } from "./subscription.ts";

/** A stored subscription, and whether the call changed it. */
export interface SubscriptionChange {
  subscription: Subscription;
  changed: boolean;
}

/** A try fails only if another writer is faster. */
const maxTries = 10;

/**
 * Changes a stored subscription. Concurrent changes by others are kept.
 *
 * @param change returns the new subscription, or `undefined` to leave it
 * @returns the stored subscription and whether this call changed it; `undefined` if it does not exist
 */
export function changeSubscription(subscriptions: Pick<SubscriptionStore, "get" | "update">) {
  return async (
    { organizationId, subscriptionId }: SubscriptionKey,
    change: (stored: Subscription) => Subscription | undefined,
  ): Promise<SubscriptionChange | undefined> => {
    for (let attempt = 1; attempt <= maxTries; attempt++) {
      const stored = await subscriptions.get(organizationId, subscriptionId);
      if (stored === undefined) return undefined;
      const after = change(stored);
      if (after === undefined) return { subscription: stored, changed: false };
      const subscription = { ...after, revision: stored.revision + 1 };
      if ((await subscriptions.update(subscription, stored.revision)) === "done")
        return { subscription, changed: true };
    }
    throw new Error("too many concurrent changes of a subscription");
  };
}

/**
 * Removes announced events from a subscription. It leaves the outbox, too, if nothing is left for the sweep: an enabled
 * one may have held notifications to send.
 *
 * @param left those that could not be announced everywhere, with the places where they were
 */
export async function removeEvents(
  subscriptions: Pick<SubscriptionStore, "get" | "update">,
  { outboxAt: seenOutboxAt, events: announced = [], ...key }: Subscription,
  left: readonly StoredHealthEvent[] = [],
): Promise<void> {
  const newest = announced.at(-1)?.sequence ?? 0;
  await changeSubscription(subscriptions)(key, (stored) => {
    const { events: storedEvents = [], outboxAt, ...rest } = stored;
    const events = storedEvents.flatMap((event) => {
      if (event.sequence > newest) return event;
      return left.find(({ sequence }) => sequence === event.sequence) ?? [];
    });
    const isDone = events.length === 0 && !stored.enabled && outboxAt === seenOutboxAt;
    if (events.length === storedEvents.length && left.length === 0 && !isDone) return undefined;
    return {
      ...rest,
      ...(events.length === 0 ? {} : { events }),
      ...(isDone || outboxAt === undefined ? {} : { outboxAt }),
    };
  });
}

/** Takes a subscription out of the outbox, unless there is new work for the sweep since it was read. */
export async function leaveOutbox(
  subscriptions: Pick<SubscriptionStore, "get" | "update">,
  { outboxAt, ...key }: Subscription,
): Promise<void> {
  if (outboxAt === undefined) return;
  await changeSubscription(subscriptions)(key, (stored) => {
    if (stored.outboxAt !== outboxAt || stored.events !== undefined) return undefined;
    const { outboxAt: _outboxAt, ...rest } = stored;
    return rest;
  });
}
