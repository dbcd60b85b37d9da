import { expect, test } from "@jest/globals";
import { announceDisabled } from "../../../../functions/core/publishing/announce-disabled.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const event = { id: "evt_1", body: "{}" };

async function worldOfWatchers() {
  const world = fakeWorld();
  const watchers = [
    aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.disabled"] }),
    aSubscription({ subscriptionId: "not-asking" }),
    aSubscription({ subscriptionId: "disabled", enabled: false, eventNames: ["subscription.disabled"] }),
  ];
  for (const watcher of watchers) await world.subscriptions.create(watcher);
  return world;
}

test("those that asked for it and are enabled are told, with a record that the sweep finds a minute later", async () => {
  const world = await worldOfWatchers();
  await announceDisabled(world)(aSubscription({ enabled: false, sequence: 1, event }));
  const sent = {
    auditId: "subscription-1",
    sequence: 1,
    subscriptionId: "watcher",
    eventName: "subscription.disabled",
  };
  expect(world.deliveries.sent).toMatchObject([{ ...sent, eventId: "evt_1", body: "{}" }]);
  const record = await world.notifications.get({ organizationId: "org", ...sent });
  expect(record).toMatchObject({ ...sent, status: "pending", event, laneAt: noon + 60_000 });
});

test("its record bears the time at which it was disabled, however late it is told", async () => {
  const world = await worldOfWatchers();
  const disabled = { at: noon - 5_000, reason: "gone" } as const;
  await announceDisabled(world)(aSubscription({ enabled: false, disabled, sequence: 1, event }));
  const key = { organizationId: "org", auditId: "subscription-1", sequence: 1, subscriptionId: "watcher" };
  expect(await world.notifications.get(key)).toMatchObject({ createdAt: noon - 5_000 });
});

test("told once, it is not told again", async () => {
  const world = await worldOfWatchers();
  for (let times = 0; times < 2; times++) {
    await announceDisabled(world)(aSubscription({ enabled: false, sequence: 1, event }));
  }
  expect(world.deliveries.sent).toHaveLength(1);
});

test("of one that its owner disabled nobody is told", async () => {
  const world = await worldOfWatchers();
  await announceDisabled(world)(aSubscription({ enabled: false }));
  expect(world.deliveries.sent).toEqual([]);
});
