import pMap from "p-map";
import { settled } from "../core/notification.ts";
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
    while ((await giveUpSome(deps, key)) > 0);
    return outcome;
  };
}

/** How many were given up: the index may go on listing them for a moment. */
async function giveUpSome(deps: DeleteSubscriptionDeps, subscription: SubscriptionKey): Promise<number> {
  const giveUp = async (key: Parameters<NotificationStore["get"]>[0]) => {
    const held = await deps.notifications.get(key);
    if (held?.status !== "held") return false;
    return (await deps.notifications.put(settled(held, "delivery_failed"), held)) === "done";
  };
  const keys = await deps.heldNotifications.list(subscription, heldAtOnce);
  return (await pMap(keys, giveUp, { concurrency: atOnce })).filter(Boolean).length;
}
