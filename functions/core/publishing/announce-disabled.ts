import { newNotification } from "../notifications/notification.ts";
import { replayGraceMs } from "../notifications/replay-notification.ts";
import { type DeliveryRequest, type SendDeliveriesDeps, sendDeliveries } from "../notifications/send-deliveries.ts";
import { leaveOutbox } from "../subscriptions/change-subscription.ts";
import type { SubscriptionStore } from "../subscriptions/ports.ts";
import type { Subscription } from "../subscriptions/subscription.ts";
import type { FeedDeps } from "./event-feed.ts";

export interface AnnounceDeps extends SendDeliveriesDeps, FeedDeps {
  subscriptions: Pick<SubscriptionStore, "list" | "get" | "update">;
}

/**
 * Sends `subscription.disabled` to the issuer's other endpoints and takes the subscription out of the outbox. Rows are
 * written before messages are sent, and the sweep sends what is lost. So this may be interrupted and repeated.
 */
export function announceDisabled(deps: AnnounceDeps) {
  return async (subscription: Subscription): Promise<void> => {
    if (subscription.event !== undefined) await announce(deps, subscription, subscription.event);
    await leaveOutbox(deps.subscriptions, subscription);
  };
}

async function announce(
  deps: AnnounceDeps,
  { organizationId, subscriptionId: auditId, sequence, disabled }: Subscription,
  event: NonNullable<Subscription["event"]>,
): Promise<void> {
  const others = (await deps.subscriptions.list(organizationId)).filter(
    ({ enabled, eventNames }) => enabled && eventNames.includes("subscription.disabled"),
  );
  const requests: DeliveryRequest[] = [];
  for (const { subscriptionId } of others) {
    const key = { organizationId, auditId, sequence, subscriptionId, eventName: "subscription.disabled" } as const;
    const now = deps.clock();
    const row = newNotification(key, disabled?.at ?? now);
    const notification = { ...row, event, laneAt: now + replayGraceMs };
    if ((await deps.notifications.put(notification, undefined)) === "done") requests.push({ notification, event });
  }
  await sendDeliveries(deps)(requests);
  const entry = { at: deps.clock(), auditId, sequence, eventId: event.id, body: event.body };
  await deps.feed.append(organizationId, { ...entry, eventName: "subscription.disabled" });
}
