import { firstRecord } from "./notification.ts";
import { recordedDelivery } from "./notified-event.ts";
import type { Clock, DeliveriesQueue, NotificationStore, SubscriptionStore } from "./ports.ts";
import { replayGraceMs } from "./replay-notification.ts";
import type { Subscription } from "./subscription.ts";

export interface AnnounceDeps {
  subscriptions: Pick<SubscriptionStore, "list">;
  notifications: Pick<NotificationStore, "put">;
  deliveries: DeliveriesQueue;
  clock: Clock;
}

/**
 * Tells the issuer's other endpoints that one has been given up. A record comes before each message, in the lane from
 * which the sweep sends it if the message is lost; so this may run twice and stop anywhere.
 */
export function announceDisabled(deps: AnnounceDeps) {
  return async ({
    organizationId,
    subscriptionId: auditId,
    sequence,
    event,
    disabled,
  }: Subscription): Promise<void> => {
    if (event === undefined) return;
    const others = (await deps.subscriptions.list(organizationId)).filter(
      ({ enabled, eventNames }) => enabled && eventNames.includes("subscription.disabled"),
    );
    for (const { subscriptionId } of others) {
      const key = { organizationId, auditId, sequence, subscriptionId, eventName: "subscription.disabled" } as const;
      const now = deps.clock();
      const record = { ...firstRecord(key, disabled?.at ?? now), event, laneAt: now + replayGraceMs };
      if ((await deps.notifications.put(record, undefined)) === "stale") continue;
      await deps.deliveries.send([recordedDelivery(record, event)]);
    }
  };
}
