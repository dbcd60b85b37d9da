import { expect, test } from "@jest/globals";
import { webhookEventType } from "../../../../functions/core/events/events.ts";
import { givenUp, type Notification } from "../../../../functions/core/notifications/notification.ts";
import { notificationId } from "../../../../functions/core/notifications/notification-id.ts";
import { announceFailed } from "../../../../functions/core/publishing/announce-failed.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeTarget } from "../../../support/fake-queues.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../../support/sample-audits.ts";

const hour = 60 * 60_000;
const failedOf = (auditId: string): Notification =>
  givenUp(aNotification({ auditId, attemptCount: 10, event: { id: `evt_${auditId}`, body: "{}" } }), noon);

async function worldWith(changes: Partial<Subscription> = {}) {
  const world = fakeWorld();
  const contact = fakeTarget(webhookEventType.options);
  world.contacts.set("org", contact);
  await world.subscriptions.create(aSubscription(changes));
  const fail = async (auditId: string) => {
    const failed = failedOf(auditId);
    await world.notifications.put(failed, undefined);
    await announceFailed(world)(failed);
  };
  const told = () => contact.sent.map(({ subjectId }) => subjectId);
  return { world, contact, fail, told };
}

test("people hear of one failed delivery of an endpoint an hour", async () => {
  const { world, fail, told } = await worldWith();
  await Promise.all(["a", "b", "c"].map(fail));
  expect(told()).toHaveLength(1);
  world.time.advance(hour - 1);
  await fail("d");
  expect(told()).toHaveLength(1);
  world.time.advance(1);
  await fail("e");
  expect(told()).toHaveLength(2);
});

test("the one that was chosen is sent, however often that fails", async () => {
  const { world, contact, fail, told } = await worldWith();
  contact.isDown = true;
  await expect(fail("a")).rejects.toThrow("the target is gone");
  await fail("b");
  world.time.advance(2 * hour);
  contact.isDown = false;
  const left = await world.notifications.get(failedOf("a"));
  if (left !== undefined) await announceFailed(world)(left);
  expect(told()).toEqual([notificationId(failedOf("a"))]);
  expect(await world.notifications.get(failedOf("a"))).not.toHaveProperty("laneAt");
});

test("an endpoint that was announced as failing is not announced by each delivery", async () => {
  const { fail, told } = await worldWith({ inTrouble: true });
  await fail("a");
  expect(told()).toEqual([]);
});

test("nothing is sent about an endpoint that was deleted meanwhile", async () => {
  const { world, fail, told } = await worldWith();
  await world.subscriptions.delete("org", "subscription-1", noon);
  await fail("a");
  expect(told()).toEqual([]);
});

test("without a contact the subscription is not written", async () => {
  const { world, fail } = await worldWith();
  world.contacts.clear();
  await fail("a");
  expect(await world.subscriptions.get("org", "subscription-1")).toEqual(aSubscription());
});
