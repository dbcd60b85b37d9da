import { debtsOf, notificationOf } from "./debts.ts";
import type { Notification, NotificationKey } from "./notification.ts";
import type { AuditStore, NotificationStore, SubscriptionStore } from "./ports.ts";

export interface FindNotificationDeps {
  audits: Pick<AuditStore, "get">;
  subscriptions: Pick<SubscriptionStore, "get">;
  notifications: Pick<NotificationStore, "get">;
}

/** A notification, and whether it is on record: of an event on its way it is not until its first attempt has an outcome. */
export function findNotification(deps: FindNotificationDeps) {
  return async (key: NotificationKey): Promise<{ notification: Notification; isRecorded: boolean } | undefined> => {
    const recorded = await deps.notifications.get(key);
    if (recorded !== undefined) return { notification: recorded, isRecorded: true };
    const [audit, subscription] = await Promise.all([
      deps.audits.get(key),
      deps.subscriptions.get(key.organizationId, key.subscriptionId),
    ]);
    const debts = audit === undefined || subscription === undefined ? [] : debtsOf(audit, [subscription]);
    const debt = debts.find(({ sequence }) => sequence === key.sequence);
    if (audit !== undefined && debt !== undefined) {
      return { notification: notificationOf(audit, debt), isRecorded: false };
    }
    // It may have got its record, and its audit have left the outbox, since the first look.
    const since = await deps.notifications.get(key);
    return since && { notification: since, isRecorded: true };
  };
}
