import { z } from "zod";
import { eventName } from "../events/events.ts";
import { type Attempt, attempt } from "../subscriptions/attempt.ts";

/**
 * What became of an event for one subscription: `pending` waits for its next attempt, `delivered` was answered 2xx,
 * `delivery_failed` has used up its attempts, `held` waits for its disabled subscription.
 */
export const notificationStatus = z.enum(["pending", "delivered", "delivery_failed", "held"]);

export const notification = z.object({
  organizationId: z.string(),
  /** Of `subscription.disabled`, which is about no audit, the id of the disabled subscription. */
  auditId: z.string(),
  sequence: z.number(),
  subscriptionId: z.string(),
  eventName,
  status: notificationStatus,
  attemptCount: z.number(),
  /** The last ten, oldest first. */
  attempts: z.array(attempt),
  /** Why it has failed, where no attempt says so. */
  failure: z.enum(["queue-refused", "subscription-deleted", "audit-erased"]).optional(),
  /** The beginning of what the last attempt was answered, where that was no success. */
  answer: z.string().optional(),
  /** When its event came about. */
  createdAt: z.number(),
  /** When a `pending` one is tried again. */
  nextAttemptAt: z.number().optional(),
  /** Of a `pending` one, when the sweep sends it if nothing has come of it by then; of a `held` one, since when. */
  laneAt: z.number().optional(),
  /**
   * The attempts made before its owner asked for it again, until it has an outcome. The schedule starts anew after
   * them, and the first attempt after them is made even where the subscription is disabled.
   */
  replayedAfter: z.number().optional(),
  /** The event, where no audit keeps it, or none may for as long as this waits. */
  event: z.object({ id: z.string(), body: z.string() }).optional(),
});

export type Notification = z.infer<typeof notification>;

/** What names a notification: the event (audit and sequence) and the subscription it is owed to. */
export type NotificationKey = Pick<Notification, "organizationId" | "auditId" | "sequence" | "subscriptionId">;

/** A notification before its first attempt, of an event that came about at a time. */
export function newNotification(
  of: NotificationKey & Pick<Notification, "eventName">,
  createdAt: number,
): Notification {
  const { organizationId, auditId, sequence, subscriptionId, eventName: name } = of;
  const key = { organizationId, auditId, sequence, subscriptionId };
  return { ...key, eventName: name, status: "pending", attemptCount: 0, attempts: [], createdAt };
}

/** What a write relies on: the notification as it was read. What was asked for again since must not be undone. */
export type NotificationSeen = Pick<Notification, "status" | "attemptCount" | "replayedAfter" | "nextAttemptAt">;

/**
 * A notification that has its outcome.
 *
 * @param failure why it has failed, where no attempt says so
 */
export function completed(
  notification: Notification,
  status: "delivered" | "delivery_failed",
  failure?: Notification["failure"],
): Notification {
  const { nextAttemptAt: _nextAttemptAt, laneAt: _laneAt, replayedAfter: _replayedAfter, ...rest } = notification;
  return { ...rest, status, ...(failure === undefined ? {} : { failure }) };
}

/**
 * A notification that waits until its disabled subscription is enabled, or its owner asks for it: perhaps for longer
 * than its audit is kept.
 */
export function held(notification: Notification, event: { id: string; body: string }, now: number): Notification {
  const { nextAttemptAt: _nextAttemptAt, replayedAfter: _replayedAfter, ...rest } = notification;
  return { ...rest, event, status: "held", laneAt: now };
}

/** A notification that its owner asks for again, whatever became of it; the sweep sends it from `laneAt` on. */
export function replayed(notification: Notification, laneAt: number): Notification {
  const { nextAttemptAt: _nextAttemptAt, failure: _failure, ...rest } = notification;
  return { ...rest, status: "pending", laneAt, replayedAfter: notification.attemptCount };
}

/** Whether the attempt that is ahead of a notification is its first, or the first since it was asked for again. */
export function isUnderWay({ status, attemptCount, replayedAfter = 0 }: Notification): boolean {
  return status === "pending" && attemptCount === replayedAfter;
}

const keptAttempts = 10;

/** The attempts to keep after one more. */
export function withAttempt(attempts: readonly Attempt[], latest: Attempt): Attempt[] {
  return [...attempts, latest].slice(-keptAttempts);
}
