import type { Delivery } from "../core/notifications/delivery.ts";
import { type Notification, type NotificationSeen, newNotification } from "../core/notifications/notification.ts";
import type { NotificationStore } from "../core/notifications/ports.ts";
import { deliveryGraceMs } from "../core/publishing/notify-subscriptions.ts";
import type { Clock } from "../core/shared/ports.ts";
import { isSlow } from "../core/subscriptions/endpoint-health.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";

export interface DecideDeps {
  /** May be cached. */
  subscriptionCache: Pick<SubscriptionStore, "get">;
  notifications: Pick<NotificationStore, "get">;
  clock: Clock;
}

/** Which queue a delivery came by: slow endpoints have one of their own, with workers of its own. */
export type DeliveryRoute = "standard" | "slow";

/** How a delivery's message came. */
export interface DeliverySource {
  route: DeliveryRoute;
  /** Whether it was received before: what came of that may be on record, or an attempt may have been cut off. */
  redelivered: boolean;
}

/** A notification before an attempt, and what of it a write relies on. */
export interface Pending {
  notification: Notification;
  seen: NotificationSeen;
  /** Whether its row was read or written by this delivery, and not taken as publishing wrote it. */
  wasRead: boolean;
}

/** For so long after an event nobody but its first message can have brought an outcome, in milliseconds. */
const asPublishedMs = deliveryGraceMs - 5 * 60_000;

/** What is to be done about a delivery. */
export type Decision =
  | { decision: "skip" }
  | { decision: "fail"; pending: Pending }
  | { decision: "hold"; pending: Pending }
  | { decision: "defer"; pending: Pending; subscription: Subscription; untilMs: number }
  | { decision: "reroute"; pending: Pending; subscription: Subscription }
  | { decision: "send"; pending: Pending; subscription: Subscription };

/**
 * Decides whether a delivery may be sent now. For the first message about a notification nothing is read but the
 * subscription: the row is as publishing wrote it. For any other message, one that has come before, and one so late
 * that the sweep may have sent another, an attempt is made only if the row still waits for just that one.
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
    // What its owner asks for is sent to a disabled endpoint, and to one that is to be left alone.
    const isReplay = notification.replayedAfter === attemptCount;
    if (!subscription.enabled && !isReplay) return { decision: "hold", pending };
    const untilMs = subscription.backoff?.until ?? 0;
    if (untilMs > now && !isReplay) return { decision: "defer", pending, subscription, untilMs };
    if (route === "standard" && isSlow(subscription, now)) return { decision: "reroute", pending, subscription };
    return { decision: "send", pending, subscription };
  };
}
