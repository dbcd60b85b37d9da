import { expect, test } from "@jest/globals";
import { announceHealth } from "../../../../functions/core/publishing/announce-health.ts";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const event = { sequence: 1, eventName: "subscription.disabled" as const, at: noon - 5_000, id: "evt_1", body: "{}" };
const disabled = (changes: Partial<Subscription> = {}) =>
  aSubscription({ enabled: false, sequence: 1, events: [event], outboxAt: noon, ...changes });

async function worldWith(...more: Subscription[]) {
  const world = fakeWorld();
  const watchers = [
    aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.disabled"] }),
    aSubscription({ subscriptionId: "not-asking" }),
    aSubscription({ subscriptionId: "off", enabled: false, eventNames: ["subscription.disabled"] }),
  ];
  for (const one of [...watchers, ...more]) await world.subscriptions.create(one);
  const stored = () => world.subscriptions.get("org", "subscription-1");
  return { world, stored };
}

test("enabled subscribers of the event get it, with a record that the sweep finds a minute later", async () => {
  const { world } = await worldWith(disabled());
  await announceHealth(world)(disabled());
  const sent = {
    auditId: "subscription-1",
    sequence: 1,
    subscriptionId: "watcher",
    eventName: "subscription.disabled",
  };
  expect(world.deliveries.sent).toMatchObject([{ ...sent, eventId: "evt_1", body: "{}" }]);
  const record = await world.notifications.get({ organizationId: "org", ...sent });
  const expected = { status: "pending", event: { id: "evt_1", body: "{}" }, laneAt: noon + 60_000 };
  expect(record).toMatchObject({ ...sent, ...expected, createdAt: noon - 5_000 });
});

test("a failing endpoint does not get the event about itself", async () => {
  const failing = aSubscription({
    eventNames: ["audit.closed", "subscription.failing"],
    events: [{ ...event, eventName: "subscription.failing" }],
  });
  const { world } = await worldWith(failing);
  await announceHealth(world)(failing);
  expect(world.deliveries.sent).toEqual([]);
});

test("several events are sent in their order, each once", async () => {
  const both = [
    { ...event, eventName: "subscription.failing" as const },
    { ...event, sequence: 2, id: "evt_2" },
  ];
  const watcher = aSubscription({
    subscriptionId: "all",
    eventNames: ["subscription.failing", "subscription.disabled"],
  });
  const { world } = await worldWith(watcher, disabled({ events: both, sequence: 2 }));
  for (let times = 0; times < 2; times++) await announceHealth(world)(disabled({ events: both, sequence: 2 }));
  const sent = world.deliveries.sent.filter(({ subscriptionId }) => subscriptionId === "all");
  expect(sent.map(({ eventName }) => eventName)).toEqual(["subscription.failing", "subscription.disabled"]);
});

test("afterwards nothing is left for the sweep, so that the feed has the event once", async () => {
  const { world, stored } = await worldWith(disabled());
  await announceHealth(world)(disabled());
  expect(await stored()).toMatchObject({ enabled: false, sequence: 1 });
  expect(await stored()).not.toHaveProperty("outboxAt");
  expect(await stored()).not.toHaveProperty("events");
});

test.each([
  ["work that came", { enabled: true, outboxAt: noon + 1 }, { outboxAt: noon + 1 }],
  ["the release of held notifications", { enabled: true }, { outboxAt: noon }],
  ["an event that came", { events: [event, { ...event, sequence: 2 }] }, { outboxAt: noon, events: [{ sequence: 2 }] }],
])("%s since the subscription was read stays in the outbox", async (_, changes, left) => {
  const { world, stored } = await worldWith(disabled(changes));
  await announceHealth(world)(disabled());
  expect(await stored()).toMatchObject(left);
  if (!("events" in left)) expect(await stored()).not.toHaveProperty("events");
});

test("disabling by the owner sends no event", async () => {
  const { world } = await worldWith();
  await announceHealth(world)(aSubscription({ enabled: false }));
  expect(world.deliveries.sent).toEqual([]);
});
