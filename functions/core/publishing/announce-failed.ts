import { asciiJson } from "../events/ascii-json.ts";
import { eventId, timestamp } from "../events/events.ts";
import type { NotificationFailedEventBody } from "../events/webhook-events.ts";
import { announceGraceMs, type Notification } from "../notifications/notification.ts";
import { notificationId } from "../notifications/notification-id.ts";
import { attemptFacts } from "../subscriptions/attempt.ts";
import { type AnnounceDeps, announceEvent } from "./announce-event.ts";
import type { Announcement } from "./ports.ts";

/**
 * Announces that a delivery was given up, and takes its notification out of lane DELIVER. It does nothing for one that
 * is in no lane. It may be interrupted and repeated.
 *
 * @throws if it could not be announced somewhere; the notification stays in its lane, and the sweep does so later
 */
export function announceFailed(deps: AnnounceDeps) {
  return async (notification: Notification): Promise<void> => {
    const { laneAt, announcedTo: _announcedTo, ...rest } = notification;
    if (laneAt === undefined) return;
    const { announcedTo, failures } = await announceEvent(deps)(failedEvent(notification));
    const after = failures.length === 0 ? rest : { ...rest, announcedTo, laneAt: deps.clock() + announceGraceMs };
    await deps.notifications.put(after, notification);
    if (failures.length > 0) throw failures[0];
  };
}

/** The event follows from the notification alone, so its bytes are the same each time. */
function failedEvent(notification: Notification): Announcement {
  const { organizationId, auditId, sequence, subscriptionId, attemptCount, createdAt, failure } = notification;
  const subjectId = notificationId(notification);
  const number = Math.max(attemptCount, 1);
  const id = eventId(subjectId, number);
  const last = notification.attempts.at(-1);
  const at = last === undefined ? createdAt : last.at + last.ms;
  const body: NotificationFailedEventBody = {
    id,
    type: "notification.failed",
    timestamp: timestamp(at),
    data: {
      type: "notification",
      id: subjectId,
      attributes: {
        organizationId,
        eventId: eventId(auditId, sequence),
        eventName: notification.eventName,
        eventTimestamp: timestamp(createdAt),
        attempts: attemptCount,
        ...(last === undefined ? {} : { lastAttempt: attemptFacts(last) }),
        ...(failure === undefined ? {} : { errorMessage: failure }),
      },
      relationships: {
        audit: { data: { type: "audit", id: auditId } },
        subscription: { data: { type: "subscription", id: subscriptionId } },
      },
      sequence: number,
    },
  };
  const event = { eventName: "notification.failed" as const, at, id, body: asciiJson(body) };
  const { announcedTo } = notification;
  return { organizationId, subjectId, sequence: number, ...event, aboutSubscriptionId: subscriptionId, announcedTo };
}
