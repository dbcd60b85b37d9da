import pMap from "p-map";
import { type NotificationKey, settled } from "../core/notification.ts";
import type { HeldNotifications, NotificationStore, SubscriptionStore } from "../core/ports.ts";
import type { SubscriptionKey } from "../core/subscription.ts";

export interface DeleteSubscriptionDeps {
  subscriptions: Pick<SubscriptionStore, "delete">;
  heldNotifications: HeldNotifications;
  notifications: Pick<NotificationStore, "get" | "put">;
}

const heldAtOnce = 200;
const atOnce = 10;

/**
 * Deletes a subscription and gives up what is held for it: nothing will ever send it, and what is held is kept for good.
 * What a call that was cut off has left is given up by the next one, for which the subscription is missing.
 */
export function deleteSubscription(deps: DeleteSubscriptionDeps) {
  return async (key: SubscriptionKey): Promise<"done" | "missing"> => {
    const outcome = await deps.subscriptions.delete(key.organizationId, key.subscriptionId);
    // Of a full page there may be more, although an index that lags lists what has been given up.
    while ((await giveUpSome(deps, key)) === heldAtOnce);
    return outcome;
  };
}

/** How many were listed. */
async function giveUpSome(deps: DeleteSubscriptionDeps, subscription: SubscriptionKey): Promise<number> {
  const giveUp = async (key: NotificationKey) => {
    const held = await deps.notifications.get(key);
    if (held?.status === "held") await deps.notifications.put(settled(held, "delivery_failed"), held);
  };
  const keys = await deps.heldNotifications.list(subscription, heldAtOnce);
  await pMap(keys, giveUp, { concurrency: atOnce });
  return keys.length;
}
