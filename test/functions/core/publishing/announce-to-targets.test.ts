import { expect, test } from "@jest/globals";
import { eventName, webhookEventType } from "../../../../functions/core/events/events.ts";
import { announceHealth } from "../../../../functions/core/publishing/announce-health.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeOwnerTarget, fakeTarget } from "../../../support/fake-queues.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const event = { sequence: 1, eventName: "subscription.failing" as const, at: noon, id: "evt_1", body: "{}" };

/** A world with a bus, a contact, another endpoint, and a subscription with an event that is not announced. */
async function worldWithTargets() {
  const world = fakeWorld();
  const [bus, contact] = [fakeOwnerTarget("bus", eventName.options), fakeTarget(webhookEventType.options)];
  world.ownerTargets.push(bus);
  world.contacts.set("org", contact);
  await world.subscriptions.create(aSubscription({ events: [event], outboxAt: noon }));
  await world.subscriptions.create(aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.failing"] }));
  const stored = async () => (await world.subscriptions.get("org", "subscription-1")) ?? aSubscription();
  const feed = async () => (await world.feed.read("org", { since: 0, until: noon + 1 }, 10)).entries;
  return { world, bus, contact, stored, feed, announce: async () => announceHealth(world)(await stored()) };
}

test("the owner's bus, the contact, the other endpoints and the feed get the same bytes", async () => {
  const { world, bus, contact, announce, feed } = await worldWithTargets();
  await announce();
  const sent = { organizationId: "org", subjectId: "subscription-1", event: { id: "evt_1", body: "{}", at: noon } };
  expect(bus.sent).toMatchObject([sent]);
  expect(contact.sent).toMatchObject([sent]);
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "watcher", eventId: "evt_1", body: "{}" }]);
  expect(await feed()).toMatchObject([{ eventId: "evt_1", body: "{}" }]);
});

test("the owner's queue gets the events that were chosen for it", async () => {
  const { world, announce } = await worldWithTargets();
  const queue = fakeOwnerTarget("queue", ["audit.closed", "subscription.failing"]);
  world.ownerTargets.push(queue);
  await announce();
  expect(world.resolutions.sent).toEqual([]);
  expect(queue.sent).toMatchObject([{ event: { type: "subscription.failing" } }]);
});

test("one that cannot be reached does not stop the others, and only it gets the event again", async () => {
  const { world, bus, contact, announce, stored, feed } = await worldWithTargets();
  contact.isDown = true;
  for (let times = 0; times < 2; times++) await expect(announce()).rejects.toThrow("the target is gone");
  expect((await stored()).events).toEqual([{ ...event, announcedTo: ["endpoints", "feed", "bus"] }]);
  expect((await stored()).outboxAt).toBe(noon);
  contact.isDown = false;
  await announce();
  expect(contact.sent).toHaveLength(1);
  expect(bus.sent).toHaveLength(1);
  expect(world.deliveries.sent).toHaveLength(1);
  expect(await feed()).toHaveLength(1);
  expect(await stored()).not.toHaveProperty("events");
});

test("an event that a target refuses permanently is not sent there again", async () => {
  const { bus, announce, stored } = await worldWithTargets();
  bus.refuses = "{}";
  await announce();
  expect(await stored()).not.toHaveProperty("events");
});

test("another issuer's contact hears nothing, and its trouble delays nothing", async () => {
  const { world, contact, announce } = await worldWithTargets();
  const other = fakeTarget(webhookEventType.options);
  other.isDown = true;
  world.contacts.set("other", other);
  await announce();
  expect(contact.sent).toHaveLength(1);
  expect(other.sent).toEqual([]);
});

test("a contact gets the events that were chosen for it", async () => {
  const { world, announce, stored } = await worldWithTargets();
  const chosen = fakeTarget(["subscription.disabled"]);
  world.contacts.set("org", chosen);
  await announce();
  expect(chosen.sent).toEqual([]);
  expect(await stored()).not.toHaveProperty("events");
});

test("an event that came meanwhile is kept, and one that another run has announced is not stored again", async () => {
  const { world, contact, stored } = await worldWithTargets();
  const seen = await stored();
  contact.isDown = true;
  const later = { ...event, sequence: 2, id: "evt_2" };
  const { revision, ...rest } = seen;
  await world.subscriptions.update({ ...rest, events: [later], revision: revision + 1 }, revision);
  await expect(announceHealth(world)(seen)).rejects.toThrow("the target is gone");
  expect((await stored()).events).toEqual([later]);
});
