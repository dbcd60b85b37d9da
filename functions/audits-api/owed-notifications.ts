import type { z } from "zod";
import type { Audit } from "../core/audit.ts";
import { eventKey } from "../core/change-audit.ts";
import { debtsOf, notificationOf } from "../core/debts.ts";
import { timestamp } from "../core/events.ts";
import type { Notification, NotificationKey } from "../core/notification.ts";
import { notificationId } from "../core/notification-id.ts";
import type { Subscription } from "../core/subscription.ts";
import type { owedNotification } from "./audit-shapes.ts";

/**
 * How each event of an audit stands with each subscription that it is owed to. While an event is in the outbox,
 * whoever has no record yet is pending too; once it has left, everyone it was owed to has one.
 */
export function owedNotifications(
  audit: Audit,
  recorded: readonly Notification[],
  subscriptions: readonly Subscription[],
) {
  const nameOf = ({ sequence, subscriptionId }: NotificationKey) => `${sequence}#${subscriptionId}`;
  const all = new Map(recorded.map((notification) => [nameOf(notification), notification]));
  for (const owed of debtsOf(audit, subscriptions).map((debt) => notificationOf(audit, debt))) {
    if (!all.has(nameOf(owed))) all.set(nameOf(owed), owed);
  }
  return [...all.values()].sort((a, b) => a.sequence - b.sequence).map((each) => summary(audit, each));
}

function summary(audit: Audit, notification: Notification): z.infer<typeof owedNotification> {
  const { sequence, subscriptionId, eventName, status, attemptCount, nextAttemptAt } = notification;
  return {
    id: notificationId(notification),
    eventId: audit.events[eventKey(sequence)]?.id,
    eventName,
    sequence,
    subscriptionId,
    status,
    attempts: attemptCount,
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: timestamp(nextAttemptAt) }),
  };
}
