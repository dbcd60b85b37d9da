import { held, type Notification, settled } from "./notification.ts";
import type { Clock, NotificationStore, SubscriptionStore } from "./ports.ts";

export interface HoldDeps {
  notifications: Pick<NotificationStore, "put">;
  subscriptions: Pick<SubscriptionStore, "get">;
  clock: Clock;
}

/**
 * Keeps a notification until its disabled subscription is enabled. A subscription that was deleted meanwhile would never
 * release it, so it is looked up again after the write.
 *
 * @param seen what the write relies on, as `NotificationStore.put` takes it
 * @returns `deleted` if it has failed because there is no such subscription
 */
export function holdNotification(deps: HoldDeps) {
  return async (
    notification: Notification,
    event: { id: string; body: string },
    seen: Parameters<NotificationStore["put"]>[1],
  ): Promise<"held" | "deleted"> => {
    const waiting = held(notification, event, deps.clock());
    if ((await deps.notifications.put(waiting, seen)) === "stale") return "held";
    const { organizationId, subscriptionId } = notification;
    if ((await deps.subscriptions.get(organizationId, subscriptionId)) !== undefined) return "held";
    await deps.notifications.put(settled(waiting, "delivery_failed"), waiting);
    return "deleted";
  };
}
