import { settleAll } from "../shared/settle-all.ts";
import type { SubscriptionKey } from "../subscriptions/subscription.ts";
import { completed } from "./notification.ts";
import type { DeliveryRow, HeldNotifications, NotificationStore } from "./ports.ts";
import type { HeldPage } from "./release-held.ts";

export interface FailHeldDeps {
  heldNotifications: Pick<HeldNotifications, "list">;
  notifications: Pick<NotificationStore, "getAll" | "put">;
}

const pageSize = 100;

/** Marks a page of a deleted subscription's held notifications as failed. */
export function failHeld(deps: FailHeldDeps) {
  return async (subscription: SubscriptionKey, after: DeliveryRow | undefined): Promise<HeldPage> => {
    const { rows, next } = await deps.heldNotifications.list(subscription, pageSize, after);
    const held =
      rows.length === 0 ? [] : (await deps.notifications.getAll(rows)).filter(({ status }) => status === "held");
    const { failures } = await settleAll(held, (notification) =>
      deps.notifications.put(completed(notification, "delivery_failed", "subscription-deleted"), notification),
    );
    return { found: rows.length, next, failures };
  };
}
