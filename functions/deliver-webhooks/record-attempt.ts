import type { Delivery } from "../core/notifications/delivery.ts";
import { retryWaitMs } from "../core/notifications/delivery-schedule.ts";
import {
  completed,
  held,
  type Notification,
  type NotificationSeen,
  withAttempt,
} from "../core/notifications/notification.ts";
import { type AnnounceDeps, announceDisabled } from "../core/publishing/announce-disabled.ts";
import { afterFailure, afterSuccess, isFailingForLong } from "../core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import type { Pending } from "./decide-delivery.ts";
import { inLane, laterMessage, maxQueueWaitMs, type PostponeDeps, queueFor } from "./postpone-delivery.ts";
import { type RecordEndpointHealthDeps, recordEndpointHealth } from "./record-endpoint-health.ts";
import type { Sent } from "./send-attempt.ts";

export type RecordDeps = AnnounceDeps & RecordEndpointHealthDeps & PostponeDeps;

/**
 * What came of an attempt. `delivered` has yet to be recorded, with the rest of its batch: over the row as it was
 * `seen`, if it was read. All else is on record.
 */
export type Recorded =
  | { result: "delivered"; notification: Notification; seen?: NotificationSeen }
  | { result: "retry" | "exhausted" | "held" | "disabled" | "skipped"; endpointFailsForLong?: true };

/** How much later than a delayed message the sweep looks whether it was lost, in milliseconds. */
const messageGraceMs = 60_000;

/** Records what came of an attempt: a success is handed back, a failure is written with what follows from it. */
export function recordAttempt(deps: RecordDeps) {
  return async (
    subscription: Subscription,
    delivery: Delivery,
    { notification, seen, wasRead }: Pending,
    { attempt, delivered, retryAfterMs, answer }: Sent,
  ): Promise<Recorded> => {
    const { answer: _formerAnswer, ...known } = notification;
    const attemptCount = notification.attemptCount + 1;
    const after: Notification = { ...known, attemptCount, attempts: withAttempt(notification.attempts, attempt) };
    if (delivered) {
      // Another environment may have noted failures before this attempt, so the cached subscription does not tell.
      const mayClear = attemptCount > 1 || afterSuccess(subscription) !== undefined;
      if (mayClear) await recordEndpointHealth(deps)(subscription, afterSuccess);
      return { result: "delivered", notification: completed(after, "delivered"), ...(wasRead ? { seen } : {}) };
    }
    if (answer !== "") after.answer = answer;
    const failed = (stored: Subscription) => afterFailure(stored, attempt, retryAfterMs);
    const changed =
      failed(subscription) === undefined ? undefined : await recordEndpointHealth(deps)(subscription, failed);
    const now = changed?.subscription ?? subscription;
    if (now.enabled) {
      const dueFrom = attempt.at + attempt.ms;
      const recorded = await retryLater(deps, now, delivery, { notification: after, seen }, { dueFrom, retryAfterMs });
      return isFailingForLong(now, dueFrom) ? { ...recorded, endpointFailsForLong: true } : recorded;
    }
    const { eventId: id, body } = delivery;
    await deps.notifications.put(held(after, { id, body }, deps.clock()), seen);
    if (changed?.changed !== true) return { result: "held" };
    // Where this fails, the sweep announces it.
    await announceDisabled(deps)(now).catch((error: unknown) =>
      deps.report("a disabled endpoint was not announced", error),
    );
    return { result: "disabled" };
  };
}

/**
 * Records that an attempt was cut off: its message has come back, and no outcome is on record. The POST may have been
 * made. The next attempt is made at once, and by the schedule if that is cut off, too; so a delivery that ends the
 * process does so as often as its schedule has attempts, and no more.
 *
 * @returns the notification before the next attempt, or what else became of it
 */
export function recordInterruption(deps: RecordDeps) {
  return async (delivery: Delivery, { notification, seen }: Pending): Promise<Pending | Recorded> => {
    const at = deps.clock();
    const attemptCount = notification.attemptCount + 1;
    const attempts = withAttempt(notification.attempts, { at, ms: 0, error: "interrupted" });
    const after: Notification = { ...notification, attemptCount, attempts };
    const wait = retryWaitMs(attemptCount - (notification.replayedAfter ?? 0), deps.random());
    if (wait === undefined) return exhaust(deps, { notification: after, seen });
    const waiting = inLane(after, delivery, at + wait + messageGraceMs);
    if ((await deps.notifications.put(waiting, seen)) === "stale") return { result: "skipped" };
    return { notification: waiting, seen: waiting, wasRead: true };
  };
}

async function retryLater(
  deps: RecordDeps,
  subscription: Subscription,
  delivery: Delivery,
  { notification, seen }: Omit<Pending, "wasRead">,
  { dueFrom, retryAfterMs }: { dueFrom: number; retryAfterMs: number | undefined },
): Promise<{ result: "retry" | "exhausted" }> {
  const { attemptCount, replayedAfter = 0 } = notification;
  const wait = retryWaitMs(attemptCount - replayedAfter, deps.random(), retryAfterMs);
  if (wait === undefined) return exhaust(deps, { notification, seen });
  const nextAttemptAt = dueFrom + wait;
  const isQueued = wait <= maxQueueWaitMs;
  const waiting = isQueued
    ? { ...notification, nextAttemptAt, laneAt: nextAttemptAt + messageGraceMs }
    : inLane(notification, delivery, nextAttemptAt);
  if ((await deps.notifications.put(waiting, seen)) === "done" && isQueued) {
    const { interrupted: _interrupted, ...asked } = laterMessage(delivery);
    // Rounded up: a delay in whole seconds must not make the attempt early.
    await queueFor(deps, subscription).send([{ ...asked, attemptCount }], Math.ceil(wait / 1_000));
  }
  return { result: "retry" };
}

async function exhaust(
  deps: RecordDeps,
  { notification, seen }: Omit<Pending, "wasRead">,
): Promise<{ result: "exhausted" }> {
  await deps.notifications.put(completed(notification, "delivery_failed"), seen);
  return { result: "exhausted" };
}
