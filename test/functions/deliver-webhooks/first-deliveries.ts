import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, type aSubscription } from "../../support/sample-audits.ts";

export const { organizationId, auditId, sequence, subscriptionId } = aNotification();
export const key = { organizationId, auditId, sequence, subscriptionId };
export const later: Delivery = { ...key, attemptCount: 0, eventId: "evt_1", eventName: "audit.closed", body: "{}" };
export const first: Delivery = { ...later, createdAt: noon };
export const event = { id: "evt_1", body: "{}" };
export const day = 24 * 60 * 60_000;

export async function worldWith(...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  // Rows as publishing wrote them.
  await world.notifications.putNew([newNotification(first, noon), newNotification({ ...first, sequence: 2 }, noon)]);
  const stored = async () => world.subscriptions.get(organizationId, subscriptionId);
  return { world, stored, deliver: deliverWebhook(world) };
}
