import type { Clock } from "../shared/ports.ts";
import { changeSubscription } from "../subscriptions/change-subscription.ts";
import type { SubscriptionStore } from "../subscriptions/ports.ts";
import type { Subscription } from "../subscriptions/subscription.ts";
import type { Announcement, EventTarget, OwnerEvent } from "./ports.ts";

export interface ContactDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  clock: Clock;
}

/** At most one failed delivery of an endpoint is announced to people in this time, in milliseconds. */
const failedDeliveryGapMs = 60 * 60_000;

/**
 * Sends an event to the issuer's contact. People do not get a message for each delivery that a broken endpoint misses:
 * `notification.failed` is sent once an hour for each endpoint, and not after `subscription.failing` or
 * `subscription.disabled` announced the endpoint itself. Which one is sent is stored first, so that it is not lost.
 */
export async function announceToContact(
  deps: ContactDeps,
  contact: EventTarget,
  announcement: Announcement,
  event: OwnerEvent,
): Promise<void> {
  if (announcement.eventName === "notification.failed" && !(await isChosen(deps, announcement))) return;
  await contact.send(event);
}

/** Whether the contact gets the event of this failed notification. It stays chosen until it is sent. */
async function isChosen(
  { subscriptions, clock }: ContactDeps,
  { organizationId, aboutSubscriptionId: subscriptionId, subjectId: notificationId }: Announcement,
): Promise<boolean> {
  const isMine = ({ contacted }: Subscription) => contacted?.notificationId === notificationId;
  const now = clock();
  const stored = await changeSubscription(subscriptions)({ organizationId, subscriptionId }, (subscription) => {
    const { contacted, inTrouble } = subscription;
    const isQuiet = inTrouble === true || (contacted !== undefined && now < contacted.at + failedDeliveryGapMs);
    return isMine(subscription) || isQuiet ? undefined : { ...subscription, contacted: { at: now, notificationId } };
  });
  return stored !== undefined && isMine(stored.subscription);
}
