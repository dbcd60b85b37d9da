import { removeEvents } from "../subscriptions/change-subscription.ts";
import type { Subscription } from "../subscriptions/subscription.ts";
import { type AnnounceDeps, announceEvent } from "./announce-event.ts";

/** Announces a subscription's events about its health, and removes them from it. It may be interrupted and repeated. */
export function announceHealth(deps: AnnounceDeps) {
  return async (subscription: Subscription): Promise<void> => {
    const { organizationId, subscriptionId, events = [] } = subscription;
    for (const event of events)
      await announceEvent(deps)({
        ...event,
        ...{ organizationId, subjectId: subscriptionId, aboutSubscriptionId: subscriptionId },
      });
    await removeEvents(deps.subscriptions, subscription);
  };
}
