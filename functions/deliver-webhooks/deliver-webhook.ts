import { type AnnounceDeps, announceDisabled } from "../core/announce-disabled.ts";
import { changeSubscription } from "../core/change-subscription.ts";
import type { Delivery } from "../core/delivery.ts";
import { retryWaitMs } from "../core/delivery-schedule.ts";
import { type Attempt, firstRecord, held, type Notification, settled, withAttempt } from "../core/notification.ts";
import type { Clock, DeliveriesQueue, NotificationStore, SubscriptionStore, WebhookSender } from "../core/ports.ts";
import type { Subscription } from "../core/subscription.ts";
import { afterFailure, afterSuccess } from "../core/subscription-health.ts";

export interface DeliverDeps extends AnnounceDeps {
  /** May be remembered; `subscriptions` are read where one is changed. */
  remembered: Pick<SubscriptionStore, "get"> & { forget(organizationId: string, subscriptionId: string): void };
  subscriptions: Pick<SubscriptionStore, "get" | "list" | "update">;
  notifications: Pick<NotificationStore, "get" | "put">;
  deliveries: DeliveriesQueue;
  webhooks: WebhookSender;
  clock: Clock;
  random: () => number;
}

/** `delivered` has yet to be recorded, with the rest of its batch; all else is done with. */
export type DeliverResult =
  | { result: "delivered"; notification: Notification }
  | { result: "retry" | "slowed" | "given-up" | "held" | "disabled" | "not-owed" };

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
    const { attemptCount, organizationId, subscriptionId } = delivery;
    const isRecorded = attemptCount > 0 || delivery.recorded === true;
    const seen = isRecorded ? await deps.notifications.get(delivery) : undefined;
    if (isRecorded && (seen?.status !== "pending" || seen.attemptCount !== attemptCount)) return { result: "not-owed" };
    const before = seen ?? firstRecord(delivery, deps.clock());
    const subscription = await deps.remembered.get(organizationId, subscriptionId);
    if (subscription === undefined) {
      // A record that went on waiting for a deleted subscription would be sent for ever.
      if (seen !== undefined) await deps.notifications.put(settled(before, "delivery_failed"), seen);
      return { result: "not-owed" };
    }
    const isAskedFor = before.replayedAfter === attemptCount;
    if (!subscription.enabled && !isAskedFor) {
      await deps.notifications.put(held(before, deps.clock()), seen);
      return { result: "held" };
    }
    const slowedMs = (subscription.slowed?.until ?? 0) - deps.clock();
    if (slowedMs > 0 && !isAskedFor) {
      await deps.deliveries.send([delivery], Math.min(Math.ceil((slowedMs * (1 + deps.random() / 5)) / 1_000), 900));
      return { result: "slowed" };
    }

    const message = { id: delivery.eventId, body: delivery.body };
    const { attempt, delivered, retryAfterMs } = await deps.webhooks.post(subscription, message);
    const attempts = withAttempt(before.attempts, attempt);
    const after: Notification = { ...before, attemptCount: attemptCount + 1, attempts };
    if (delivered) {
      // Another environment may have noted the failures before this attempt, so what is remembered does not tell.
      if (attemptCount > 0 || afterSuccess(subscription) !== undefined) await change(deps, subscription, afterSuccess);
      return { result: "delivered", notification: settled(after, "delivered") };
    }
    const failed = (stored: Subscription) => afterFailure(stored, attempt, retryAfterMs);
    const changed = failed(subscription) === undefined ? undefined : await change(deps, subscription, failed);
    const now = changed?.subscription ?? subscription;
    if (now.enabled) return retryLater(deps, delivery, { seen, after }, attempt, retryAfterMs);
    await deps.notifications.put(held(after, deps.clock()), seen);
    if (changed?.changed !== true) return { result: "held" };
    await announceDisabled(deps)(now);
    return { result: "disabled" };
  };
}

async function change(
  deps: DeliverDeps,
  subscription: Subscription,
  to: (stored: Subscription) => Subscription | undefined,
) {
  const changed = await changeSubscription(deps.subscriptions)(subscription, to);
  deps.remembered.forget(subscription.organizationId, subscription.subscriptionId);
  return changed;
}

async function retryLater(
  deps: DeliverDeps,
  delivery: Delivery,
  { seen, after }: { seen: Notification | undefined; after: Notification },
  attempt: Attempt,
  retryAfterMs: number | undefined,
): Promise<DeliverResult> {
  const { attemptCount, replayedAfter = 0 } = after;
  const wait = retryWaitMs(attemptCount - replayedAfter, deps.random(), retryAfterMs);
  if (wait === undefined) {
    await deps.notifications.put(settled(after, "delivery_failed"), seen);
    return { result: "given-up" };
  }
  const dueAt = attempt.at + attempt.ms + wait;
  const rides = wait <= longestQueueDelayMs - 1_000;
  const laneAt = rides ? dueAt + messageGraceMs : dueAt;
  const written = await deps.notifications.put({ ...after, nextAttemptAt: dueAt, laneAt }, seen);
  // Rounded up: a delay in whole seconds must not make the attempt early.
  if (written === "done" && rides) await deps.deliveries.send([{ ...delivery, attemptCount }], Math.ceil(wait / 1_000));
  return { result: "retry" };
}
