import { isAuditEvent } from "../core/events/events.ts";
import type { Delivery, DeliveryRoute } from "../core/notifications/delivery.ts";
import { type Notification, type NotificationSeen, newNotification } from "../core/notifications/notification.ts";
import type { NotificationStore } from "../core/notifications/ports.ts";
import { deliveryGraceMs } from "../core/publishing/notify-subscriptions.ts";
import { isSlow } from "../core/subscriptions/endpoint-health.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import { type SlotDeps, slotOf } from "./slot-of-delivery.ts";

export interface DecideDeps extends SlotDeps {
  /** May be cached. */
  subscriptionCache: Pick<SubscriptionStore, "get">;
  notifications: Pick<NotificationStore, "get" | "listOfAudit">;
}

/** How a message arrived. */
export interface DeliverySource {
  route: DeliveryRoute;
  /** Whether the message was received before. An outcome may be stored, or an attempt may have been interrupted. */
  redelivered: boolean;
}

/** A notification before an attempt, and the fields that a write checks. */
export interface Pending {
  notification: Notification;
  seen: NotificationSeen;
  /** Whether its row was read or written by this delivery. If not, it is assumed to be as publishing wrote it. */
  wasRead: boolean;
}

/** How long after an event only its first message can have brought an outcome, in milliseconds. */
const asPublishedMs = deliveryGraceMs - 5 * 60_000;

/** What to do with a delivery. */
export type Decision =
  | { decision: "skip" }
  | { decision: "fail"; pending: Pending }
  | { decision: "hold"; pending: Pending }
  | { decision: "defer"; pending: Pending; subscription: Subscription; untilMs: number }
  | { decision: "reroute"; pending: Pending; subscription: Subscription }
  | { decision: "await-turn"; pending: Pending; subscription: Subscription; turnAt: number }
  | { decision: "send"; pending: Pending; subscription: Subscription; slotAt?: number };

/**
 * Decides what to do with a delivery. For a notification's first message only the subscription is read, because the row
 * is as publishing wrote it. The row is read for later messages, for repeated ones, and if the sweep may have sent
 * another. Then an attempt is made only if the row waits for exactly this one.
 */
export function decideDelivery(deps: DecideDeps) {
  return async (delivery: Delivery, { route, redelivered }: DeliverySource): Promise<Decision> => {
    const { organizationId, subscriptionId, attemptCount } = delivery;
    const { createdAt } = delivery;
    const isAsPublished = createdAt !== undefined && !redelivered && deps.clock() < createdAt + asPublishedMs;
    const notification = isAsPublished ? newNotification(delivery, createdAt) : await deps.notifications.get(delivery);
    if (notification?.status !== "pending" || notification.attemptCount !== attemptCount) return { decision: "skip" };
    const now = deps.clock();
    const pending: Pending = { notification, seen: notification, wasRead: !isAsPublished };

    const subscription = await deps.subscriptionCache.get(organizationId, subscriptionId);
    if (subscription === undefined) return { decision: "fail", pending };
    // A replay is sent even if the endpoint is disabled or in backoff.
    const isReplay = notification.replayedAfter === attemptCount;
    if (!subscription.enabled && !isReplay) return { decision: "hold", pending };
    const { until = 0 } = subscription.backoff ?? {};
    if (until > now && !isReplay) {
      return {
        decision: "defer",
        pending,
        subscription,
        untilMs: Math.max(until, now + shareOfAge(notification, now)),
      };
    }
    const turnMs = subscription.ordered === true ? await turnOf(deps, notification, now) : undefined;
    if (turnMs !== undefined) return { decision: "defer", pending, subscription, untilMs: turnMs };
    if (route === "standard" && isSlow(subscription, now)) return { decision: "reroute", pending, subscription };
    const { maxPerSecond } = subscription;
    if (maxPerSecond === undefined) return { decision: "send", pending, subscription };
    const slot = await slotOf(deps, { ...subscription, maxPerSecond }, notification, route);
    return { ...slot, pending, subscription };
  };
}

/**
 * A quarter of an event's age, in milliseconds. A backlog that is checked again after this time is checked about 25
 * times while an endpoint is down for days.
 */
function shareOfAge({ createdAt }: Notification, now: number): number {
  return (now - createdAt) / 4;
}

/** How long after the next attempt of an earlier event it is checked again, in milliseconds. */
const turnCheckMs = 5_000;

/** The longest wait until it is checked again if no attempt is planned, in milliseconds. */
const maxTurnCheckMs = 5 * 60_000;

/**
 * When a subscription with `ordered` may get an event: `undefined` if now. Until all earlier events of the audit have
 * an outcome, the time when that is checked again. Publishing writes the rows of the earlier events before it sends
 * the message of this one, so the query finds them.
 */
async function turnOf(
  { notifications }: DecideDeps,
  notification: Notification,
  now: number,
): Promise<number | undefined> {
  const { sequence, subscriptionId, ...audit } = notification;
  if (sequence === 1 || !isAuditEvent(audit.eventName)) return undefined;
  const waiting = (await notifications.listOfAudit(audit)).filter(
    (other) =>
      other.subscriptionId === subscriptionId &&
      other.sequence < sequence &&
      (other.status === "pending" || other.status === "held"),
  );
  if (waiting.length === 0) return undefined;
  const nextAttemptAt = Math.max(...waiting.map((other) => other.nextAttemptAt ?? 0));
  if (nextAttemptAt > now) return nextAttemptAt + turnCheckMs;
  return now + Math.min(Math.max(shareOfAge(notification, now), turnCheckMs), maxTurnCheckMs);
}
