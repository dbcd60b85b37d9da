import { removeEvents } from "../subscriptions/change-subscription.ts";
import type { StoredHealthEvent, Subscription } from "../subscriptions/subscription.ts";
import { type AnnounceDeps, announceEvent } from "./announce-event.ts";

/**
 * Announces a subscription's events about its health, and removes those from it that were announced everywhere. It may
 * be interrupted and repeated.
 *
 * @throws if an event could not be announced somewhere; the sweep does so later
 */
export function announceHealth(deps: AnnounceDeps) {
  return async (subscription: Subscription): Promise<void> => {
    const { organizationId, subscriptionId, events = [] } = subscription;
    const left: StoredHealthEvent[] = [];
    const failures: unknown[] = [];
    for (const event of events) {
      const about = { organizationId, subjectId: subscriptionId, aboutSubscriptionId: subscriptionId };
      const announced = await announceEvent(deps)({ ...event, ...about });
      if (announced.failures.length > 0) left.push({ ...event, announcedTo: announced.announcedTo });
      failures.push(...announced.failures);
    }
    await removeEvents(deps.subscriptions, subscription, left);
    if (failures.length > 0) throw failures[0];
  };
}
