import type { SubscriptionStore } from "./ports.ts";
import type { Subscription, SubscriptionKey } from "./subscription.ts";

/** Each of them is lost only to somebody else's change. */
const maxTries = 10;

/**
 * Changes a subscription as it is stored now; whoever else changes it at the same time is not undone.
 *
 * @param change gives the subscription as it is to be, or `undefined` to leave it
 * @returns the subscription as it is then, and whether this changed it; `undefined` when there is none
 */
export function changeSubscription(subscriptions: Pick<SubscriptionStore, "get" | "update">) {
  return async (
    { organizationId, subscriptionId }: SubscriptionKey,
    change: (stored: Subscription) => Subscription | undefined,
  ): Promise<{ subscription: Subscription; changed: boolean } | undefined> => {
    for (let attempt = 1; attempt <= maxTries; attempt++) {
      const stored = await subscriptions.get(organizationId, subscriptionId);
      if (stored === undefined) return undefined;
      const after = change(stored);
      if (after === undefined) return { subscription: stored, changed: false };
      const subscription = { ...after, revision: stored.revision + 1 };
      if ((await subscriptions.update(subscription, stored.revision)) === "done")
        return { subscription, changed: true };
    }
    throw new Error("a subscription is changed by too many at once");
  };
}
