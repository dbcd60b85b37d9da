import { expiry, type Retention } from "../shared/retention.ts";
import type { Notification } from "./notification.ts";

/** When a notification may be deleted, in epoch seconds; `undefined` while it is pending, held or not announced. */
export function notificationExpiry(notification: Notification, retention: Retention): number | undefined {
  if (notification.laneAt !== undefined) return undefined;
  const endedAt = notification.attempts.at(-1)?.at ?? notification.createdAt;
  switch (notification.status) {
    case "delivered":
      return expiry(endedAt, retention.notificationDays);
    case "delivery_failed":
      return expiry(endedAt, retention.auditDays);
    case "pending":
    case "held":
      return undefined;
  }
}
