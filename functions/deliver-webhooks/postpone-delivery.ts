import type { Delivery } from "../core/notifications/delivery.ts";
import type { Notification } from "../core/notifications/notification.ts";
import type { DeliveriesQueue, NotificationStore } from "../core/notifications/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import { isSlow } from "../core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import type { Pending } from "./decide-delivery.ts";

export interface PostponeDeps {
  notifications: Pick<NotificationStore, "put">;
  deliveries: DeliveriesQueue;
  slowDeliveries: DeliveriesQueue;
  clock: Clock;
  random: () => number;
}

/**
 * SQS delays a message by 15 minutes at most. Longer waits use the lane.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const maxQueueWaitMs = 15 * 60_000 - 1_000;

/**
 * How old the event of a deferred delivery is at most, and how long it waits at most, if it stays in the queue; in
 * milliseconds. Lambda drops a message that passes through its queue 16 times, as a recursive loop
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html). A message of the sweep starts a new count.
 */
const maxInQueueMs = 60_000;

const maxDeferralMs = 24 * 60 * 60_000;

/** How long a message without delay may wait in the queue before the sweep sends another, in milliseconds. */
const turnGraceMs = 15 * 60_000;

/** Defers a delivery until a time, and up to a fifth longer, so that deferred deliveries spread. */
export function deferDelivery(deps: PostponeDeps) {
  return (subscription: Subscription, delivery: Delivery, pending: Pending, untilMs: number) => {
    const least = Math.max(untilMs - deps.clock(), 0);
    const wait = least + (least * deps.random()) / 5;
    return postpone(deps, subscription, delivery, pending, Math.min(Math.ceil(wait / 1_000) * 1_000, maxDeferralMs));
  };
}

/** Moves a delivery to the queue of slow endpoints. */
export function rerouteDelivery(deps: PostponeDeps) {
  return (subscription: Subscription, delivery: Delivery, pending: Pending) =>
    postpone(deps, subscription, delivery, pending, 0);
}

/** The number of times that a delivery waits for its turn in the queue before the sweep sends a new message. */
const maxTurns = 6;

/** How long before its turn the sweep sends a delivery, in milliseconds: it runs once a minute. */
const sweepLeadMs = 60_000;

/**
 * Lets a delivery wait for its turn: in the queue of slow endpoints if that is within a minute, otherwise in its lane
 * until shortly before. The row is written first, as in `postpone`.
 */
export function awaitTurn(deps: PostponeDeps) {
  return async (delivery: Delivery, { notification, seen }: Pending, turnAt: number): Promise<"done" | "stale"> => {
    const now = deps.clock();
    const nextAttemptAt = Math.ceil(turnAt);
    const turns = (delivery.turns ?? 0) + 1;
    const isQueued = nextAttemptAt <= now + maxInQueueMs && turns <= maxTurns;
    const waiting = isQueued
      ? { ...notification, nextAttemptAt, laneAt: nextAttemptAt + turnGraceMs }
      : { ...inLane(notification, delivery, nextAttemptAt), laneAt: Math.max(nextAttemptAt - sweepLeadMs, now) };
    const written = await deps.notifications.put(waiting, seen);
    if (written === "done" && isQueued) {
      const delaySeconds = Math.ceil(Math.max(nextAttemptAt - now, 0) / 1_000);
      await deps.slowDeliveries.send([{ ...laterMessage(delivery), turns }], delaySeconds);
    }
    return written;
  };
}

/** The row is written before the message is sent, so the sweep sends a second message only if the first is lost. */
async function postpone(
  deps: PostponeDeps,
  subscription: Subscription,
  delivery: Delivery,
  { notification, seen }: Pending,
  waitMs: number,
): Promise<"done" | "stale"> {
  const now = deps.clock();
  const nextAttemptAt = now + waitMs;
  const isQueued = waitMs === 0 || (waitMs <= maxInQueueMs && now - notification.createdAt < maxInQueueMs);
  const written = await deps.notifications.put(
    isQueued
      ? { ...notification, nextAttemptAt, laneAt: nextAttemptAt + turnGraceMs }
      : inLane(notification, delivery, nextAttemptAt),
    seen,
  );
  if (written === "done" && isQueued) {
    await queueFor(deps, subscription).send([laterMessage(delivery)], waitMs / 1_000);
  }
  return written;
}

/** The message of a later attempt. It is not the first one, so its row is read. */
export function laterMessage({ createdAt: _createdAt, ...delivery }: Delivery): Delivery {
  return delivery;
}

/** A notification in lane DELIVER. It stores its event, because it may outlive its audit. */
export function inLane(notification: Notification, delivery: Delivery, nextAttemptAt: number): Notification {
  const { eventId: id, body } = delivery;
  return { ...notification, nextAttemptAt, laneAt: nextAttemptAt, event: { id, body } };
}

/** The queue for a subscription's deliveries. */
export function queueFor(deps: PostponeDeps, subscription: Subscription): DeliveriesQueue {
  return isSlow(subscription, deps.clock()) ? deps.slowDeliveries : deps.deliveries;
}
