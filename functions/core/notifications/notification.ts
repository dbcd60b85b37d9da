import * as z from "zod";
import { isAuditEvent, storedEventName } from "../events/events.ts";
import { announcedTo } from "../events/webhook-events.ts";
import { type Attempt, attempt } from "../subscriptions/attempt.ts";

/**
 * The state of an event for one subscription. `pending`: waits for its next attempt. `delivered`: answered 2xx.
 * `delivery_failed`: no attempt is left. `held`: waits for its disabled subscription.
 */
export const notificationStatus = z.enum(["pending", "delivered", "delivery_failed", "held"]);

export const notification = z.object({
  organizationId: z.string(),
  /** For an event without an audit: the id of the subscription or notification that it is about. */
  auditId: z.string(),
  sequence: z.number(),
  subscriptionId: z.string(),
  eventName: storedEventName,
  status: notificationStatus,
  attemptCount: z.number(),
  /** The last ten attempts, oldest first. */
  attempts: z.array(attempt),
  /** Why it failed, if no attempt says so. A newer version may know more reasons. */
  failure: z.string().optional(),
  /** The start of the last response, if the attempt failed. */
  response: z.string().optional(),
  /** When its event happened. */
  createdAt: z.number(),
  /** When the next attempt of a `pending` notification is due. */
  nextAttemptAt: z.number().optional(),
  /**
   * For `pending`: when the sweep sends it, unless it has an outcome by then. For `held`: since when. For
   * `delivery_failed`: when the sweep announces that it was given up.
   */
  laneAt: z.number().optional(),
  /**
   * When the sweep sent a message for it first, if no outcome has followed yet. It is valid while `laneAt` is the time
   * to which the sweep moved the row: every outcome changes that.
   */
  sweptFirst: z.object({ at: z.number(), laneAt: z.number() }).optional(),
  /**
   * The number of attempts before a replay, until it has an outcome. The schedule starts again after them. The first
   * attempt after a replay is made even if the subscription is disabled.
   */
  replayedAfter: z.number().optional(),
  /** The event, if no audit stores it or the audit may expire earlier. */
  event: z.object({ id: z.string(), body: z.string() }).optional(),
  /** Where it was announced that it was given up, if that could not be announced everywhere. */
  announcedTo,
});

export type Notification = z.infer<typeof notification>;

/** Why a notification fails without an attempt. */
export type NotificationFailure = "queue-refused" | "subscription-deleted" | "audit-erased";

/** Identifies a notification: the event (audit and sequence) and the subscription. */
export type NotificationKey = Pick<Notification, "organizationId" | "auditId" | "sequence" | "subscriptionId">;

/** A notification before its first attempt. */
export function newNotification(
  of: NotificationKey & Pick<Notification, "eventName">,
  createdAt: number,
): Notification {
  const { organizationId, auditId, sequence, subscriptionId, eventName: name } = of;
  const key = { organizationId, auditId, sequence, subscriptionId };
  return { ...key, eventName: name, status: "pending", attemptCount: 0, attempts: [], createdAt };
}

/** The fields that a conditional write checks, as they were read. A replay in between must not be undone. */
export type NotificationSeen = Pick<Notification, "status" | "attemptCount" | "replayedAfter" | "nextAttemptAt">;

/**
 * A notification with its outcome.
 *
 * @param failure why it failed, if no attempt says so
 */
export function completed(
  notification: Notification,
  status: "delivered" | "delivery_failed",
  failure?: NotificationFailure,
): Notification {
  const { nextAttemptAt: _nextAttemptAt, laneAt: _laneAt, replayedAfter: _replayedAfter, ...rest } = notification;
  return { ...rest, status, ...(failure === undefined ? {} : { failure }) };
}

/** How long announcing a notification that was given up may take before the sweep does it, in milliseconds. */
export const announceGraceMs = 60_000;

/**
 * A notification that is given up. It stays in lane DELIVER until that is announced. The failure of an event about
 * webhooks is not announced, because the announcement could fail, too.
 */
export function givenUp(notification: Notification, now: number, failure?: NotificationFailure): Notification {
  const failed = completed(notification, "delivery_failed", failure);
  return isAuditEvent(notification.eventName) ? { ...failed, laneAt: now + announceGraceMs } : failed;
}

/**
 * A notification that waits until its subscription is enabled or its owner replays it. It may wait longer than its
 * audit is kept, so it stores the event.
 */
export function held(notification: Notification, event: { id: string; body: string }, now: number): Notification {
  const { nextAttemptAt: _nextAttemptAt, replayedAfter: _replayedAfter, ...rest } = notification;
  return { ...rest, event, status: "held", laneAt: now };
}

/** A notification that its owner replays. The sweep sends it at `laneAt`. */
export function replayed(notification: Notification, laneAt: number): Notification {
  const { nextAttemptAt: _nextAttemptAt, failure: _failure, announcedTo: _announcedTo, ...rest } = notification;
  return { ...rest, status: "pending", laneAt, replayedAfter: notification.attemptCount };
}

/**
 * The time since which a notification in lane DELIVER has been due, whatever the sweep has sent for it (epoch
 * milliseconds).
 */
export function dueSince({ laneAt = 0, sweptFirst }: Notification): number {
  return sweptFirst?.laneAt === laneAt ? sweptFirst.at : laneAt;
}

/** Whether the next attempt is the first one, or the first after a replay. */
export function isUnderWay({ status, attemptCount, replayedAfter = 0 }: Notification): boolean {
  return status === "pending" && attemptCount === replayedAfter;
}

const keptAttempts = 10;

/** The attempts to keep after one more. */
export function withAttempt(attempts: readonly Attempt[], latest: Attempt): Attempt[] {
  return [...attempts, latest].slice(-keptAttempts);
}
