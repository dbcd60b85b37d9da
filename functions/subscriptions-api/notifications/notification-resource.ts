import type * as z from "zod";
import { eventId, isAuditEvent, timestamp } from "../../core/events/events.ts";
import type { Notification } from "../../core/notifications/notification.ts";
import { notificationId } from "../../core/notifications/notification-id.ts";
import type { notificationDetailsShape, notificationShape } from "./notification-shapes.ts";

/** A notification as a JSON:API resource, under Kard's names. */
export function notificationResource(notification: Notification): z.infer<typeof notificationShape> {
  const { auditId, sequence, subscriptionId, eventName, status, attemptCount, createdAt, nextAttemptAt } = notification;
  const last = notification.attempts.at(-1);
  return {
    type: "notification",
    id: notificationId(notification),
    attributes: {
      eventId: eventId(auditId, sequence),
      eventName,
      sequence,
      timestamp: timestamp(createdAt),
      status,
      attempts: attemptCount,
      ...(last === undefined ? {} : { lastAttemptAt: timestamp(last.at), statusCode: last.statusCode }),
      errorMessage: notification.failure ?? last?.error,
      ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: timestamp(nextAttemptAt) }),
    },
    relationships: {
      ...subjectOf(notification),
      subscription: { data: { type: "subscription", id: subscriptionId } },
    },
  };
}

/** What the event is about; nothing if only a newer version knows. */
function subjectOf({ eventName, auditId: id }: Notification) {
  if (isAuditEvent(eventName)) return { audit: { data: { type: "audit" as const, id } } };
  if (eventName === "notification.failed")
    return { failedNotification: { data: { type: "notification" as const, id } } };
  if (!eventName.startsWith("subscription.")) return {};
  const affectedSubscription = { data: { type: "subscription" as const, id } };
  return eventName === "subscription.disabled"
    ? { affectedSubscription, disabledSubscription: affectedSubscription }
    : { affectedSubscription };
}

/** The same with its last attempts, oldest first, and the last response. */
export function notificationDetails(notification: Notification): z.infer<typeof notificationDetailsShape> {
  const resource = notificationResource(notification);
  const lastAttempts = notification.attempts.map(({ at, ms, statusCode, error }) => ({
    timestamp: timestamp(at),
    milliseconds: ms,
    statusCode,
    errorMessage: error,
  }));
  return { ...resource, attributes: { ...resource.attributes, lastAttempts, lastAnswer: notification.response } };
}
