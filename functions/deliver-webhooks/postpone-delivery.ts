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

/** SQS delays a message by 15 minutes at most; longer waits are the table's. */
export const maxQueueWaitMs = 15 * 60_000 - 1_000;

/**
 * The longest wait that a deferred delivery spends in the queue, in milliseconds. Each pass through the queue is a
 * hop for Lambda, which takes a message that comes back 16 times for a recursive loop and drops it
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html); the sweep's message begins a new count.
 */
const maxDeferredQueueWaitMs = 60_000;

const maxDeferralMs = 24 * 60 * 60_000;

/**
 * How long a message that is to be worked on at once may wait for its turn before the sweep sends it again, in
 * milliseconds.
 */
const turnGraceMs = 15 * 60_000;

/**
 * Puts a delivery off until its endpoint may be asked again, and for a quarter of the time since its event at least:
 * the backlog of an endpoint that is down for days comes up some 25 times, and not every quarter of an hour.
 */
export function deferDelivery(deps: PostponeDeps) {
  return (subscription: Subscription, delivery: Delivery, pending: Pending, untilMs: number) => {
    const now = deps.clock();
    const age = now - pending.notification.createdAt;
    const least = Math.max(untilMs - now, age / 4);
    const wait = least + (least * deps.random()) / 5;
    return postpone(deps, subscription, delivery, pending, Math.min(Math.ceil(wait / 1_000) * 1_000, maxDeferralMs));
  };
}

/** Sends a delivery on to the queue of slow endpoints. */
export function rerouteDelivery(deps: PostponeDeps) {
  return (subscription: Subscription, delivery: Delivery, pending: Pending) =>
    postpone(deps, subscription, delivery, pending, 0);
}

/**
 * The row is put off before the message is sent, so that the sweep sends it a second time only if the message is lost.
 */
async function postpone(
  deps: PostponeDeps,
  subscription: Subscription,
  delivery: Delivery,
  { notification, seen }: Pending,
  waitMs: number,
): Promise<"done" | "stale"> {
  const nextAttemptAt = deps.clock() + waitMs;
  const isQueued = waitMs <= maxDeferredQueueWaitMs;
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

/** The message that asks for a notification again: it is not the first about it, so its row is read. */
export function laterMessage({ createdAt: _createdAt, ...delivery }: Delivery): Delivery {
  return delivery;
}

/** A notification that waits in lane DELIVER, with its event: it may wait for longer than its audit is kept. */
export function inLane(notification: Notification, delivery: Delivery, nextAttemptAt: number): Notification {
  const { eventId: id, body } = delivery;
  return { ...notification, nextAttemptAt, laneAt: nextAttemptAt, event: { id, body } };
}

/** The queue for what is owed to a subscription. */
export function queueFor(deps: PostponeDeps, subscription: Subscription): DeliveriesQueue {
  return isSlow(subscription, deps.clock()) ? deps.slowDeliveries : deps.deliveries;
}
