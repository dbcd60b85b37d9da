import { changeSubscription, type SubscriptionChange } from "../core/subscriptions/change-subscription.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";

export interface RecordEndpointHealthDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  subscriptionCache: { forget(organizationId: string, subscriptionId: string): void };
  /** Called for errors that another run repairs. */
  report: (what: string, error: unknown) => void;
}

/**
 * Records an endpoint's health after an attempt, unless its owner has changed the URL meanwhile.
 *
 * Best effort: the attempt must be recorded in any case, and the next one repeats the information.
 *
 * @returns the stored subscription and whether this call changed it; `undefined` if it is gone or the write failed
 */
export function recordEndpointHealth(deps: RecordEndpointHealthDeps) {
  return async (
    subscription: Subscription,
    to: (stored: Subscription) => Subscription | undefined,
  ): Promise<SubscriptionChange | undefined> => {
    const { organizationId, subscriptionId, webhookUrl } = subscription;
    try {
      return await changeSubscription(deps.subscriptions)(subscription, (stored) =>
        stored.webhookUrl === webhookUrl ? to(stored) : undefined,
      );
    } catch (error) {
      deps.report("an endpoint's health was not recorded", error);
      return undefined;
    } finally {
      deps.subscriptionCache.forget(organizationId, subscriptionId);
    }
  };
}
