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

test("enabled subscribers of the event get it, with a record that the sweep finds a minute later", async () => {
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

test("its record has the time of disabling, however late it is sent", async () => {
  const world = await worldOfWatchers();
  const disabled = { at: noon - 5_000, reason: "gone" } as const;
  await announceDisabled(world)(aSubscription({ enabled: false, disabled, sequence: 1, event }));
  const key = { organizationId: "org", auditId: "subscription-1", sequence: 1, subscriptionId: "watcher" };
  expect(await world.notifications.get(key)).toMatchObject({ createdAt: noon - 5_000 });
});

test("it is sent only once", async () => {
  const world = await worldOfWatchers();
  for (let times = 0; times < 2; times++) {
    await announceDisabled(world)(aSubscription({ enabled: false, sequence: 1, event }));
  }
  expect(world.deliveries.sent).toHaveLength(1);
});

test("afterwards nothing is left for the sweep, so that the feed has the event once", async () => {
  const world = await worldOfWatchers();
  const disabled = aSubscription({ enabled: false, sequence: 1, event, outboxAt: noon });
  await world.subscriptions.create(disabled);
  await announceDisabled(world)(disabled);
  const stored = await world.subscriptions.get("org", disabled.subscriptionId);
  expect(stored).toMatchObject({ enabled: false, sequence: 1 });
  expect(stored).not.toHaveProperty("outboxAt");
});

test("work that came since the subscription was read stays in the outbox", async () => {
  const world = await worldOfWatchers();
  const disabled = aSubscription({ enabled: false, sequence: 1, event, outboxAt: noon });
  await world.subscriptions.create({ ...disabled, enabled: true, outboxAt: noon + 1 });
  await announceDisabled(world)(disabled);
  expect(await world.subscriptions.get("org", disabled.subscriptionId)).toMatchObject({ outboxAt: noon + 1 });
});

test("disabling by the owner sends no event", async () => {
  const world = await worldOfWatchers();
  await announceDisabled(world)(aSubscription({ enabled: false }));
  expect(world.deliveries.sent).toEqual([]);
});
