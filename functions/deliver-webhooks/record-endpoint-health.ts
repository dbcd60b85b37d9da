import { changeSubscription } from "../core/subscriptions/change-subscription.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";

export interface RecordEndpointHealthDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  subscriptionCache: { forget(organizationId: string, subscriptionId: string): void };
  /** Hears of what went wrong and is made up for elsewhere. */
  report: (what: string, error: unknown) => void;
}

/**
 * Notes what an attempt has shown of a subscription's endpoint, unless its owner has named another endpoint meanwhile.
 *
 * Best effort: the attempt has been made and must be recorded, and the next one shows the same again.
 *
 * @returns the subscription as it is then and whether this changed it; `undefined` if it is gone or could not be noted
 */
export function recordEndpointHealth(deps: RecordEndpointHealthDeps) {
  return async (
    subscription: Subscription,
    to: (stored: Subscription) => Subscription | undefined,
  ): Promise<{ subscription: Subscription; changed: boolean } | undefined> => {
    const { organizationId, subscriptionId, webhookUrl } = subscription;
    try {
      return await changeSubscription(deps.subscriptions)(subscription, (stored) =>
        stored.webhookUrl === webhookUrl ? to(stored) : undefined,
      );
    } catch (error) {
      deps.report("an endpoint's health was not noted", error);
      return undefined;
    } finally {
      deps.subscriptionCache.forget(organizationId, subscriptionId);
    }
  };
}
