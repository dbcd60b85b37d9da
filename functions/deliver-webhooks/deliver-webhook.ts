import { type AnnounceDeps, announceDisabled } from "../core/announce-disabled.ts";
import { changeSubscription } from "../core/change-subscription.ts";
import type { Delivery } from "../core/delivery.ts";
import { retryWaitMs } from "../core/delivery-schedule.ts";
import { type Attempt, firstRecord, held, type Notification, settled, withAttempt } from "../core/notification.ts";
import type { Clock, DeliveriesQueue, NotificationStore, SubscriptionStore, WebhookSender } from "../core/ports.ts";
import type { Subscription } from "../core/subscription.ts";
import { afterFailure, afterSuccess, foundSlow, isSlow, slowAfterMs } from "../core/subscription-health.ts";

/** Which queue a delivery came by: what is owed to slow endpoints has one of its own, with workers of its own. */
export type DeliveryRoute = "usual" | "slow";

export interface DeliverDeps extends AnnounceDeps {
  /** May be remembered; `subscriptions` are read where one is changed. */
  remembered: Pick<SubscriptionStore, "get"> & { forget(organizationId: string, subscriptionId: string): void };
  subscriptions: Pick<SubscriptionStore, "get" | "list" | "update">;
  notifications: Pick<NotificationStore, "get" | "put">;
  deliveries: DeliveriesQueue;
  slowDeliveries: DeliveriesQueue;
  webhooks: WebhookSender;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  random: () => number;
}

/** How a delivery's message came. */
export interface DeliveryWay {
  route: DeliveryRoute;
  cameBack: boolean;
}

/** `delivered` has yet to be recorded, with the rest of its batch; all else is done with. */
export type DeliverResult =
  | { result: "delivered"; notification: Notification }
  | { result: "retry" | "put-off" | "moved" | "given-up" | "held" | "disabled" | "not-owed" };

/** SQS delays a message by 15 minutes at most; longer waits are the table's. */
const longestQueueDelayMs = 15 * 60_000;

/** How much later than a delayed message the sweep looks whether it was lost, in milliseconds. */
const messageGraceMs = 60_000;

/** How long a message that goes on at once may wait for its turn before the sweep sends it again, in milliseconds. */
const turnGraceMs = 15 * 60_000;

/**
 * Makes one attempt at a delivery. A first attempt reads nothing but the subscription, unless its message has come or been
 * sent before; a later one is made only if the table still waits for just that one. The same message may come twice, so a receiver may see an event twice, with the
 * same id; the record of it never says so.
 *
 * @param way by which queue its message came, and whether it has come before: that attempt may be on record
 */
export function deliverWebhook(deps: DeliverDeps) {
  return async (
    delivery: Delivery,
    { route, cameBack }: DeliveryWay = { route: "usual", cameBack: false },
  ): Promise<DeliverResult> => {
    const { attemptCount, organizationId, subscriptionId } = delivery;
    const isRecorded = attemptCount > 0 || delivery.recorded === true;
    const mayBeRecorded = isRecorded || cameBack || delivery.sentBefore === true;
    const seen = mayBeRecorded ? await deps.notifications.get(delivery) : undefined;
    const isWaitedFor =
      seen === undefined ? !isRecorded : seen.status === "pending" && seen.attemptCount === attemptCount;
    if (!isWaitedFor) return { result: "not-owed" };
    const before = seen ?? firstRecord(delivery, delivery.eventAt ?? deps.clock());
    const subscription = await deps.remembered.get(organizationId, subscriptionId);
    if (subscription === undefined) {
      // A record that went on waiting for a deleted subscription would be sent for ever.
      if (seen !== undefined) await deps.notifications.put(settled(before, "delivery_failed"), seen);
      return { result: "not-owed" };
    }
    const isAskedFor = before.replayedAfter === attemptCount;
    if (!subscription.enabled && !isAskedFor) {
      return hold(deps, delivery, before, seen);
    }
    const leftAloneMs = (subscription.slowed?.until ?? 0) - deps.clock();
    if (leftAloneMs > 0 && !isAskedFor) {
      const delaySeconds = Math.min(Math.ceil((leftAloneMs * (1 + deps.random() / 5)) / 1_000), 900);
      return sendOn(deps, subscription, delivery, { seen, before }, { result: "put-off", delaySeconds });
    }
    if (route === "usual" && isSlow(subscription, deps.clock())) {
      return sendOn(deps, subscription, delivery, { seen, before }, { result: "moved", delaySeconds: 0 });
    }

    const message = eventOf(delivery);
    const { attempt, delivered, retryAfterMs, answer } = await noticingSlowness(
      deps,
      subscription,
      deps.webhooks.post(subscription, message),
    );
    const { answer: _formerAnswer, ...known } = before;
    const attempts = withAttempt(before.attempts, attempt);
    // A subscription's headers may be credentials, which an endpoint may echo in ways that nobody has thought of.
    const isKept = !delivered && answer !== "" && Object.keys(subscription.headers ?? {}).length === 0;
    const said = isKept ? { answer } : {};
    const after: Notification = { ...known, attemptCount: attemptCount + 1, attempts, ...said };
    if (delivered) {
      // Another environment may have noted the failures before this attempt, so what is remembered does not tell.
      if (attemptCount > 0 || afterSuccess(subscription) !== undefined) await change(deps, subscription, afterSuccess);
      return { result: "delivered", notification: settled(after, "delivered") };
    }
    const failed = (stored: Subscription) => afterFailure(stored, attempt, retryAfterMs);
    const changed = failed(subscription) === undefined ? undefined : await change(deps, subscription, failed);
    const now = changed?.subscription ?? subscription;
    if (now.enabled) return retryLater(deps, now, delivery, { seen, after }, attempt, retryAfterMs);
    const kept = await hold(deps, delivery, after, seen);
    if (changed?.changed !== true) return kept;
    // Where this fails, the sweep tells of it.
    await announceDisabled(deps)(now).catch(() => undefined);
    return { result: "disabled" };
  };
}

function eventOf({ eventId: id, body }: Delivery): { id: string; body: string } {
  return { id, body };
}

/** Notes what an attempt has shown of a subscription's endpoint, unless its owner has named another endpoint meanwhile. */
async function change(
  deps: DeliverDeps,
  subscription: Subscription,
  to: (stored: Subscription) => Subscription | undefined,
) {
  const { webhookUrl } = subscription;
  const changed = await changeSubscription(deps.subscriptions)(subscription, (stored) =>
    stored.webhookUrl === webhookUrl ? to(stored) : undefined,
  );
  deps.remembered.forget(subscription.organizationId, subscription.subscriptionId);
  return changed;
}

/**
 * Waits for an answer. That it takes long is noted while it is still waited for: each worker that goes on believing in
 * the endpoint meanwhile is one that others wait for.
 */
async function noticingSlowness<Answer>(
  deps: DeliverDeps,
  subscription: Subscription,
  answering: Promise<Answer>,
): Promise<Answer> {
  const found = (stored: Subscription) => foundSlow(stored, deps.clock());
  let isAnswered = false;
  let noting: Promise<unknown> | undefined;
  void deps.sleep(slowAfterMs).then(() => {
    if (isAnswered || found(subscription) === undefined) return;
    // A note that fails is made by the next one that waits.
    noting = change(deps, subscription, found).catch(() => undefined);
  });
  const answer = await answering;
  isAnswered = true;
  await noting;
  return answer;
}

/** Keeps a notification until its subscription is enabled; if that was deleted meanwhile, nothing would ever end the wait. */
async function hold(
  deps: DeliverDeps,
  delivery: Delivery,
  notification: Notification,
  seen: Notification | undefined,
): Promise<DeliverResult> {
  const kept = held(notification, eventOf(delivery), deps.clock());
  if ((await deps.notifications.put(kept, seen)) === "stale") return { result: "held" };
  const { organizationId, subscriptionId } = delivery;
  if ((await deps.subscriptions.get(organizationId, subscriptionId)) !== undefined) return { result: "held" };
  await deps.notifications.put(settled(kept, "delivery_failed"), kept);
  return { result: "not-owed" };
}

/** The queue for what is owed to a subscription. */
function queueFor(deps: DeliverDeps, subscription: Subscription): DeliveriesQueue {
  return isSlow(subscription, deps.clock()) ? deps.slowDeliveries : deps.deliveries;
}

/**
 * Sends a delivery on without an attempt. It is put on record first: the sweep, which would take one without a record
 * for lost, then sends it a second time only if it does get lost, and of two copies one is not owed any more.
 */
async function sendOn(
  deps: DeliverDeps,
  subscription: Subscription,
  delivery: Delivery,
  { seen, before }: { seen: Notification | undefined; before: Notification },
  { result, delaySeconds }: { result: "put-off" | "moved"; delaySeconds: number },
): Promise<DeliverResult> {
  const nextAttemptAt = deps.clock() + delaySeconds * 1_000;
  const waiting: Notification = { ...before, nextAttemptAt, laneAt: nextAttemptAt + turnGraceMs };
  if ((await deps.notifications.put(waiting, seen)) === "stale") return { result: "not-owed" };
  await queueFor(deps, subscription).send([{ ...delivery, recorded: true }], delaySeconds);
  return { result };
}

async function retryLater(
  deps: DeliverDeps,
  subscription: Subscription,
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
  // Retry-After may put retries off for longer than their audit is kept.
  const waiting = { ...after, nextAttemptAt: dueAt, laneAt, ...(rides ? {} : { event: eventOf(delivery) }) };
  const written = await deps.notifications.put(waiting, seen);
  // Rounded up: a delay in whole seconds must not make the attempt early.
  if (written === "done" && rides) {
    await queueFor(deps, subscription).send([{ ...delivery, attemptCount }], Math.ceil(wait / 1_000));
  }
  return { result: "retry" };
}
