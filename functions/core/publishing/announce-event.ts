import type { EventName } from "../events/events.ts";
import { newNotification } from "../notifications/notification.ts";
import { replayGraceMs } from "../notifications/replay-notification.ts";
import { type DeliveryRequest, type SendDeliveriesDeps, sendDeliveries } from "../notifications/send-deliveries.ts";
import type { SubscriptionStore } from "../subscriptions/ports.ts";
import type { FeedDeps } from "./event-feed.ts";

export interface AnnounceDeps extends SendDeliveriesDeps, FeedDeps {
  subscriptions: Pick<SubscriptionStore, "list" | "get" | "update">;
}

/** An event about an issuer's webhooks. */
export interface Announcement {
  organizationId: string;
  /** The id of the subscription or notification that it is about. */
  subjectId: string;
  /** The number of the event within its subject. */
  sequence: number;
  eventName: EventName;
  /** When it happened. */
  at: number;
  id: string;
  body: string;
  /** The subscription whose endpoint has the problem. It does not get the event. */
  aboutSubscriptionId: string;
}

/**
 * Sends an event to the issuer's other enabled endpoints that ask for it, and appends it to the feed. Rows are written
 * before messages are sent, and the sweep sends what is lost. So this may be interrupted and repeated.
 */
export function announceEvent(deps: AnnounceDeps) {
  return async (announcement: Announcement): Promise<void> => {
    const { organizationId, subjectId: auditId, sequence, eventName, at, id, body, aboutSubscriptionId } = announcement;
    const others = (await deps.subscriptions.list(organizationId)).filter(
      ({ enabled, eventNames, subscriptionId }) =>
        enabled && eventNames.includes(eventName) && subscriptionId !== aboutSubscriptionId,
    );
    const event = { id, body };
    const requests: DeliveryRequest[] = [];
    for (const { subscriptionId } of others) {
      const row = newNotification({ organizationId, auditId, sequence, subscriptionId, eventName }, at);
      const notification = { ...row, event, laneAt: deps.clock() + replayGraceMs };
      if ((await deps.notifications.put(notification, undefined)) === "done") requests.push({ notification, event });
    }
    await sendDeliveries(deps)(requests);
    await deps.feed.append(organizationId, { at: deps.clock(), auditId, sequence, eventId: id, eventName, body });
  };
}
