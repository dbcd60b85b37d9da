import type { Delivery } from "../core/notifications/delivery.ts";
import { retryWaitMs, waitsOf } from "../core/notifications/delivery-schedule.ts";
import {
  completed,
  givenUp,
  held,
  type Notification,
  type NotificationSeen,
  withAttempt,
} from "../core/notifications/notification.ts";
import type { SendOutcome } from "../core/notifications/ports.ts";
import { announceFailed } from "../core/publishing/announce-failed.ts";
import {
  afterFailure,
  afterSuccess,
  type HealthInput,
  isFailingForLong,
} from "../core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import { announceChange, type ChangeHealthDeps, changeHealth } from "./change-health.ts";
import type { Pending } from "./decide-delivery.ts";
import { inLane, laterMessage, maxQueueWaitMs, type PostponeDeps, queueFor } from "./postpone-delivery.ts";

export type RecordDeps = ChangeHealthDeps & PostponeDeps;

/**
 * The result of an attempt. `delivered` is not stored yet: the batch is stored together, over the row as it was `seen`,
 * if it was read. All other results are stored.
 */
export type Recorded =
  | { result: "delivered"; notification: Notification; seen?: NotificationSeen }
  | { result: "retry" | "exhausted" | "held" | "disabled" | "skipped"; endpointFailsForLong?: true };

/** How long after a delayed message is due the sweep sends another one, in milliseconds. */
const messageGraceMs = 60_000;

/**
 * Records the result of an attempt. A success is returned to be stored with its batch; a failure is stored with its
 * consequences.
 */
export function recordAttempt(deps: RecordDeps) {
  return async (
    subscription: Subscription,
    delivery: Delivery,
    { notification, seen, wasRead }: Pending,
    { attempt, delivered, retryAfterMs, response }: SendOutcome,
  ): Promise<Recorded> => {
    const { response: _formerResponse, ...known } = notification;
    const attemptCount = notification.attemptCount + 1;
    const after: Notification = { ...known, attemptCount, attempts: withAttempt(notification.attempts, attempt) };
    const isReplay = notification.replayedAfter === notification.attemptCount;
    const health: HealthInput = { attempt, retryAfterMs, isReplay };
    if (delivered) {
      // The cached subscription may be outdated: another environment may have recorded failures before this attempt.
      const mayClear = attemptCount > 1 || afterSuccess(subscription, health) !== undefined;
      if (mayClear) await announceChange(deps, await changeHealth(deps, subscription, health, afterSuccess, after));
      return { result: "delivered", notification: completed(after, "delivered"), ...(wasRead ? { seen } : {}) };
    }
    if (response !== "") after.response = response;
    const mayChange = afterFailure(subscription, health) !== undefined;
    const changed = mayChange ? await changeHealth(deps, subscription, health, afterFailure) : undefined;
    const now = changed?.subscription ?? subscription;
    if (now.enabled) {
      const dueFrom = attempt.at + attempt.ms;
      const recorded = await retryLater(deps, now, delivery, { notification: after, seen }, { dueFrom, retryAfterMs });
      await announceChange(deps, changed);
      return isFailingForLong(now, dueFrom) ? { ...recorded, endpointFailsForLong: true } : recorded;
    }
    const { eventId: id, body } = delivery;
    await deps.notifications.put(held(after, { id, body }, deps.clock()), seen);
    await announceChange(deps, changed);
    return { result: changed?.changed === true ? "disabled" : "held" };
  };
}

/**
 * Records an interrupted attempt: its message came back, and no result is stored. The POST may have been made. The next
 * attempt is made at once, and by the schedule if it is interrupted, too. So a delivery that crashes the process does
 * so only as often as its schedule has attempts.
 *
 * @returns the notification before the next attempt, or another result
 */
export function recordInterruption(deps: RecordDeps) {
  return async (
    { retrySchedule }: Pick<Subscription, "retrySchedule">,
    delivery: Delivery,
    { notification, seen }: Pending,
  ): Promise<Pending | Recorded> => {
    const at = deps.clock();
    const attemptCount = notification.attemptCount + 1;
    const attempts = withAttempt(notification.attempts, { at, ms: 0, error: "interrupted" });
    const after: Notification = { ...notification, attemptCount, attempts };
    const wait = retryWaitMs(waitsOf(retrySchedule), attemptCount - (notification.replayedAfter ?? 0), deps.random());
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
  const made = attemptCount - replayedAfter;
  const wait = retryWaitMs(waitsOf(subscription.retrySchedule), made, deps.random(), retryAfterMs);
  if (wait === undefined) return exhaust(deps, { notification, seen });
  const nextAttemptAt = dueFrom + wait;
  // Lambda drops a message that passes through its queue 16 times, as a recursive loop. A message of the sweep starts a
  // new count, so every eighth wait uses the lane.
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
  const isQueued = wait <= maxQueueWaitMs && made % 8 !== 0;
  const waiting = isQueued
    ? { ...notification, nextAttemptAt, laneAt: nextAttemptAt + messageGraceMs }
    : inLane(notification, delivery, nextAttemptAt);
  if ((await deps.notifications.put(waiting, seen)) === "done" && isQueued) {
    const { interrupted: _interrupted, ...asked } = laterMessage(delivery);
    // Rounded up, so that a delay in whole seconds does not make the attempt early.
    await queueFor(deps, subscription).send([{ ...asked, attemptCount }], Math.ceil(wait / 1_000));
  }
  return { result: "retry" };
}

async function exhaust(
  deps: RecordDeps,
  { notification, seen }: Omit<Pending, "wasRead">,
): Promise<{ result: "exhausted" }> {
  const failed = givenUp(notification, deps.clock());
  if ((await deps.notifications.put(failed, seen)) === "done") {
    // If this fails, the sweep announces it.
    await announceFailed(deps)(failed).catch((error: unknown) =>
      deps.report("a delivery that was given up was not announced", error),
    );
  }
  return { result: "exhausted" };
}
