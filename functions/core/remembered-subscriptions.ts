import type { Clock, SubscriptionStore } from "./ports.ts";
import type { Subscription } from "./subscription.ts";

/** How long a subscription that was read is believed, in milliseconds: a change is felt after that at the latest. */
const believedMs = 2_000;

const mostRemembered = 1_000;

/** Subscriptions that are read once for many deliveries. */
export function rememberedSubscriptions(
  subscriptions: Pick<SubscriptionStore, "get">,
  clock: Clock,
): Pick<SubscriptionStore, "get"> & { forget(organizationId: string, subscriptionId: string): void } {
  const known = new Map<string, { subscription: Promise<Subscription | undefined>; until: number }>();
  const nameOf = (organizationId: string, subscriptionId: string) => JSON.stringify([organizationId, subscriptionId]);
  return {
    forget(organizationId, subscriptionId) {
      known.delete(nameOf(organizationId, subscriptionId));
    },

    get(organizationId, subscriptionId) {
      const name = nameOf(organizationId, subscriptionId);
      const now = clock();
      const remembered = known.get(name);
      if (remembered !== undefined && now < remembered.until) return remembered.subscription;
      if (known.size >= mostRemembered) known.clear();
      const subscription = subscriptions.get(organizationId, subscriptionId);
      known.set(name, { subscription, until: now + believedMs });
      subscription.catch(() => known.delete(name));
      return subscription;
    },
  };
}
