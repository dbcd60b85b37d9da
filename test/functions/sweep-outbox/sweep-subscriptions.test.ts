import { expect, test } from "@jest/globals";
import { sweepSubscriptions } from "../../../functions/sweep-outbox/sweep-subscriptions.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

const forEver = Number.POSITIVE_INFINITY;
const event = { id: "evt_1", body: "{}" };
const key = { organizationId: "org", subscriptionId: "subscription-1" };

async function worldWith(...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  return { world, outboxAt: async () => (await world.subscriptions.get("org", "subscription-1"))?.outboxAt };
}

test("an enabled subscription stays in the outbox until nothing is held for it any more", async () => {
  const { world, outboxAt } = await worldWith(aSubscription({ outboxAt: noon }));
  for (const sequence of [1, 2]) {
    await world.notifications.put(aNotification({ sequence, status: "held", laneAt: noon, event }), undefined);
  }
  expect(await sweepSubscriptions(world)(forEver)).toEqual({ failures: [] });
  expect(world.deliveries.sent.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(await world.heldNotifications.list(key, 10)).toEqual([]);
  expect(await outboxAt()).toBe(noon + 60_000);
  world.time.advance(60_000);
  await sweepSubscriptions(world)(forEver);
  expect(await outboxAt()).toBeUndefined();
  expect(world.deliveries.sent).toHaveLength(2);
});

test("a disablement that a crash kept quiet is announced, once", async () => {
  const watcher = aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.disabled"] });
  const disabled = aSubscription({ enabled: false, sequence: 1, event, outboxAt: noon });
  const { world, outboxAt } = await worldWith(disabled, watcher);
  await sweepSubscriptions(world)(forEver);
  await world.subscriptions.update({ ...disabled, revision: 3 }, 2);
  await sweepSubscriptions(world)(forEver);
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "watcher", body: "{}" }]);
  expect(await outboxAt()).toBeUndefined();
});

test("what was changed meanwhile stays in the outbox", async () => {
  const { world, outboxAt } = await worldWith(aSubscription({ enabled: false, outboxAt: noon }));
  const { list } = world.subscriptions;
  world.subscriptions.list = async (organizationId) => {
    await world.subscriptions.update(aSubscription({ revision: 2, outboxAt: noon + 5 }), 1);
    return list(organizationId);
  };
  await world.subscriptions.update(aSubscription({ enabled: false, event, outboxAt: noon }), 1);
  await sweepSubscriptions(world)(forEver);
  expect(await outboxAt()).toBe(noon + 5);
});

test("one that cannot be finished keeps nobody else waiting", async () => {
  const { world } = await worldWith(
    aSubscription({ outboxAt: noon - 1 }),
    aSubscription({ subscriptionId: "s2", outboxAt: noon }),
  );
  const { list } = world.heldNotifications;
  world.heldNotifications.list = async (of, limit) => {
    if (of.subscriptionId === "subscription-1") throw new Error("no");
    return list(of, limit);
  };
  expect((await sweepSubscriptions(world)(forEver)).failures).toHaveLength(1);
  expect((await world.subscriptions.get("org", "s2"))?.outboxAt).toBeUndefined();
});
