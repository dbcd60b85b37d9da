import { setImmediate as turn } from "node:timers/promises";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { deliveryGraceMs } from "../../../functions/core/publishing/notify-subscriptions.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

export const { organizationId, auditId, sequence, subscriptionId } = aNotification();
export const key = { organizationId, auditId, sequence, subscriptionId };
export const first: Delivery = {
  ...key,
  attemptCount: 0,
  createdAt: noon,
  eventId: "evt_1",
  eventName: "audit.closed",
  body: '{"id":"evt_1"}',
};
export const { createdAt: _, ...later } = first;
/** Its row as publishing wrote it. */
export const published = { ...newNotification(first, noon), laneAt: noon + deliveryGraceMs };

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await turn();
}

export async function worldWith(subscription = aSubscription()) {
  const world = fakeWorld();
  await world.subscriptions.create(subscription);
  await world.notifications.putNew([published]);
  return { world, deliver: deliverWebhook(world) };
}
