import { expect, test } from "@jest/globals";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import { sweepSubscriptions } from "../../../functions/sweep-outbox/sweep-subscriptions.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

const forEver = Number.POSITIVE_INFINITY;
const event = { sequence: 1, eventName: "subscription.disabled" as const, at: noon, id: "evt_1", body: "{}" };
const key = { organizationId: "org", subscriptionId: "subscription-1" };

async function worldWith(...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  return { world, outboxAt: async () => (await world.subscriptions.get("org", "subscription-1"))?.outboxAt };
}

const held = (changes: Partial<Notification> = {}) =>
  aNotification({ status: "held", laneAt: noon, event, ...changes });

async function holdMany(world: Awaited<ReturnType<typeof worldWith>>["world"], count: number, subscriptionId: string) {
  const rows = Array.from({ length: count }, (_, n) =>
    held({ auditId: `audit-${n}`, subscriptionId, laneAt: noon + n }),
  );
  await world.notifications.putNew(rows);
  return rows;
}

test("an enabled subscription stays in the outbox until a sweep finds nothing held for it", async () => {
  const { world, outboxAt } = await worldWith(aSubscription({ outboxAt: noon }));
  await holdMany(world, 250, "subscription-1");
  expect(await sweepSubscriptions(world)(forEver)).toEqual({ failures: [] });
  expect(world.deliveries.sent).toHaveLength(250);
  // Ten messages per call, of pages of a hundred.
  expect(world.deliveries.calls).toBe(25);
  expect(await world.heldNotifications.count(key, 10)).toBe(0);
  expect(await outboxAt()).toBe(noon);
  await sweepSubscriptions(world)(forEver);
  expect(await outboxAt()).toBeUndefined();
  expect(world.deliveries.sent).toHaveLength(250);
});

test("a large release is stopped when the time is up, and continues at the next sweep", async () => {
  const { world, outboxAt } = await worldWith(aSubscription({ outboxAt: noon }));
  await holdMany(world, 1_000, "subscription-1");
  const { send } = world.deliveries;
  world.deliveries.send = async (...given) => {
    world.time.advance(1_000);
    return send(...given);
  };
  await sweepSubscriptions(world)(noon + 4_000);
  expect(world.deliveries.sent).toHaveLength(400);
  expect(await world.heldNotifications.count(key, 1_000)).toBe(600);
  expect(await outboxAt()).toBe(noon);
  await sweepSubscriptions(world)(forEver);
  expect(world.deliveries.sent).toHaveLength(1_000);
});

test("one with very many held shares the time with the others", async () => {
  const { world } = await worldWith(
    aSubscription({ subscriptionId: "huge", outboxAt: noon - 1 }),
    aSubscription({ subscriptionId: "small", outboxAt: noon }),
  );
  await holdMany(world, 5_000, "huge");
  await holdMany(world, 5, "small");
  await sweepSubscriptions(world)(forEver);
  const smallAt = world.deliveries.sent.findIndex(({ subscriptionId }) => subscriptionId === "small");
  expect(smallAt).toBeGreaterThanOrEqual(0);
  expect(smallAt).toBeLessThanOrEqual(100);
});

test("all held notifications of a deleted subscription fail, and no others", async () => {
  const { world } = await worldWith(aSubscription({ enabled: false }));
  const own = await holdMany(world, 450, "subscription-1");
  const others = [held({ subscriptionId: "s-2" }), held({ organizationId: "other" })];
  for (const row of others) await world.notifications.put(row, undefined);
  expect(await world.subscriptions.delete("org", "subscription-1", noon)).toBe("done");
  expect(await sweepSubscriptions(world)(forEver)).toEqual({ failures: [] });
  const rows = await world.notifications.getAll(own);
  expect(new Set(rows.map(({ status, failure, laneAt }) => `${status} ${failure} ${laneAt}`))).toEqual(
    new Set(["delivery_failed subscription-deleted undefined"]),
  );
  expect(await world.notifications.getAll(others)).toEqual(others);
});

test("one that a worker holds after the deletion, with a cached subscription, fails, too", async () => {
  const { world } = await worldWith(aSubscription({ enabled: false }));
  await world.subscriptions.delete("org", "subscription-1", noon);
  await sweepSubscriptions(world)(forEver);
  world.time.advance(62_000);
  await world.notifications.put(held(), undefined);
  world.time.advance(2 * 60_000);
  await sweepSubscriptions(world)(forEver);
  expect(await world.notifications.get(held())).toMatchObject({ status: "delivery_failed" });
  expect(await world.subscriptionOutbox.get(key)).toBeDefined();
  await sweepSubscriptions(world)(forEver);
  expect(await world.subscriptionOutbox.get(key)).toBeUndefined();
});

test("many failing subscriptions do not delay those after them", async () => {
  const broken = Array.from({ length: 150 }, (_, n) =>
    aSubscription({ subscriptionId: `broken-${n}`, outboxAt: noon - 200 + n }),
  );
  const { world } = await worldWith(...broken, aSubscription({ outboxAt: noon }));
  const { list } = world.heldNotifications;
  world.heldNotifications.list = async (of, ...rest) => {
    if (of.subscriptionId.startsWith("broken")) throw new Error("no");
    return list(of, ...rest);
  };
  expect((await sweepSubscriptions(world)(forEver)).failures).toHaveLength(150);
  expect((await world.subscriptions.get("org", "subscription-1"))?.outboxAt).toBeUndefined();
});

test("a disabling that a crash did not announce is announced, once", async () => {
  const watcher = aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.disabled"] });
  const disabled = aSubscription({ enabled: false, sequence: 1, events: [event], outboxAt: noon });
  const { world, outboxAt } = await worldWith(disabled, watcher);
  await sweepSubscriptions(world)(forEver);
  await world.subscriptions.update({ ...disabled, revision: 3 }, 2);
  await sweepSubscriptions(world)(forEver);
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "watcher", body: "{}" }]);
  expect(await outboxAt()).toBeUndefined();
});

test("a failing endpoint that a crash did not announce is announced, and then leaves the outbox", async () => {
  const watcher = aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.failing"] });
  const failing = { ...event, eventName: "subscription.failing" as const };
  const { world, outboxAt } = await worldWith(aSubscription({ events: [failing], outboxAt: noon }), watcher);
  await sweepSubscriptions(world)(forEver);
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "watcher", eventName: "subscription.failing" }]);
  expect(await outboxAt()).toBeUndefined();
});

test("a subscription that was changed meanwhile stays in the outbox", async () => {
  const { world, outboxAt } = await worldWith(aSubscription({ enabled: false, outboxAt: noon }));
  const { list } = world.subscriptions;
  world.subscriptions.list = async (organizationId) => {
    await world.subscriptions.update(aSubscription({ revision: 2, outboxAt: noon + 5 }), 1);
    return list(organizationId);
  };
  await world.subscriptions.update(aSubscription({ enabled: false, events: [event], outboxAt: noon }), 1);
  await sweepSubscriptions(world)(forEver);
  expect(await outboxAt()).toBe(noon + 5);
});
