import type { Delivery } from "../core/delivery.ts";
import { retryWaitMs } from "../core/delivery-schedule.ts";
import { type Attempt, type Notification, withAttempt } from "../core/notification.ts";
import type { Clock, DeliveriesQueue, NotificationStore, SubscriptionStore, WebhookSender } from "../core/ports.ts";

export interface DeliverDeps {
  subscriptions: Pick<SubscriptionStore, "get">;
  notifications: Pick<NotificationStore, "get" | "put">;
  deliveries: DeliveriesQueue;
  webhooks: WebhookSender;
  clock: Clock;
  random: () => number;
}

/** `delivered` has yet to be recorded, with the rest of its batch; all else is done with. */
export type DeliverResult =
  | { result: "delivered"; notification: Notification }
  | { result: "retry" | "given-up" | "held" | "not-owed" };

/** SQS delays a message by 15 minutes at most; longer waits are the table's. */
const longestQueueDelayMs = 15 * 60_000;

/** How much later than a delayed message the sweep looks whether it was lost, in milliseconds. */
const messageGraceMs = 60_000;

/**
 * Makes one attempt at a delivery. A first attempt reads nothing but the subscription; a later one is made only if the
 * table still waits for just that one. The same message may come twice, so a receiver may see an event twice, with the
 * same id; the record of it never says so.
 */
export function deliverWebhook(deps: DeliverDeps) {
  return async (delivery: Delivery): Promise<DeliverResult> => {
    const { attemptCount } = delivery;
    const before =
      attemptCount === 0 ? firstNotification(delivery, deps.clock()) : await deps.notifications.get(delivery);
    if (before === undefined || before.attemptCount !== attemptCount) return { result: "not-owed" };
    if (before.status !== "pending") return { result: "not-owed" };
    const subscription = await deps.subscriptions.get(delivery.organizationId, delivery.subscriptionId);
    if (subscription === undefined) {
      // A record that went on waiting for a deleted subscription would be sent for ever.
      if (attemptCount > 0) await deps.notifications.put(settled(before, "delivery_failed"), attemptCount);
      return { result: "not-owed" };
    }
    if (!subscription.enabled) {
      await deps.notifications.put(settled(before, "held"), attemptCount);
      return { result: "held" };
    }
    const { attempt, delivered, retryAfterMs } = await deps.webhooks.post(subscription, {
      id: delivery.eventId,
      body: delivery.body,
    });
    const after: Notification = {
      ...before,
      attemptCount: attemptCount + 1,
      attempts: withAttempt(before.attempts, attempt),
    };
    if (delivered) return { result: "delivered", notification: settled(after, "delivered") };
    return retryLater(deps, delivery, after, attempt, retryAfterMs);
  };
}

async function retryLater(
  deps: DeliverDeps,
  delivery: Delivery,
  notification: Notification,
  attempt: Attempt,
  retryAfterMs: number | undefined,
): Promise<DeliverResult> {
  const { attemptCount } = notification;
  const wait = retryWaitMs(attemptCount, deps.random(), retryAfterMs);
  if (wait === undefined) {
    await deps.notifications.put(settled(notification, "delivery_failed"), delivery.attemptCount);
    return { result: "given-up" };
  }
  const dueAt = attempt.at + attempt.ms + wait;
  const rides = wait <= longestQueueDelayMs - 1_000;
  const pending: Notification = {
    ...notification,
    nextAttemptAt: dueAt,
    laneAt: rides ? dueAt + messageGraceMs : dueAt,
  };
  const written = await deps.notifications.put(pending, delivery.attemptCount);
  // Rounded up: a delay in whole seconds must not make the attempt early.
  if (written === "done" && rides) await deps.deliveries.send([{ ...delivery, attemptCount }], Math.ceil(wait / 1_000));
  return { result: "retry" };
}

function firstNotification(delivery: Delivery, now: number): Notification {
  const { organizationId, auditId, sequence, subscriptionId } = delivery;
  return {
    ...{ organizationId, auditId, sequence, subscriptionId },
    status: "pending",
    attemptCount: 0,
    attempts: [],
    createdAt: now,
  };
}

function settled(notification: Notification, status: Exclude<Notification["status"], "pending">): Notification {
  const { nextAttemptAt: _nextAttemptAt, laneAt: _laneAt, ...rest } = notification;
  return { ...rest, status };
}
