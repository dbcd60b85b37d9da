import { expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { deliveryGraceMs } from "../../../functions/core/publishing/notify-subscriptions.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";
import { deliveryWorld } from "../../support/webhooks/delivery-world.ts";
import { first, key, later, worldWith } from "./first-deliveries.ts";

const second = 1_000;
const minute = 60 * second;

/** Publishes events at once to an endpoint with a maximum rate, and lets workers and the sweep run for some minutes. */
async function publishAtOnce(count: number, maxPerSecond: number, workers: number, minutes: number) {
  const world = deliveryWorld(() => ({ ms: 5, statusCode: 204 }), { standard: workers, slow: workers });
  const subscription = aSubscription({ subscriptionId: "limited", maxPerSecond });
  const { organizationId } = subscription;
  await world.stores.subscriptions.create(subscription);
  await world.stores.issuers.add(organizationId);
  const owed = Array.from({ length: count }, (_, number): Delivery => {
    const of = { organizationId, auditId: `audit-${number}`, sequence: 1, subscriptionId: "limited" };
    return { ...of, attemptCount: 0, createdAt: noon, eventId: `evt_${number}`, eventName: "audit.closed", body: "{}" };
  });
  await world.run(async () => {
    const rows = owed.map((delivery) => ({ ...newNotification(delivery, noon), laneAt: noon + deliveryGraceMs }));
    await world.stores.notifications.putNew(rows);
    await world.queues.standard.send(owed);
    for (let passed = 0; passed < minutes; passed++) {
      await world.time.sleep(minute);
      await world.sweep();
    }
  });
  const times = world.posted.map(({ at }) => at - noon).toSorted((a, b) => a - b);
  const keys = owed.map(({ body: _, ...of }) => of);
  return { times, rows: await world.stores.notifications.getAll(keys), posted: world.posted };
}

/** The most attempts that began within any second. */
function mostPerSecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + second).length));
}

test("the attempts of several environments stay within 10 % of the maximum rate", async () => {
  const { times, posted, rows } = await publishAtOnce(1_000, 20, 4, 2);
  expect(new Set(posted.map(({ eventId }) => eventId)).size).toBe(1_000);
  expect(posted).toHaveLength(1_000);
  expect(mostPerSecond(times)).toBeLessThanOrEqual(22);
  const seconds = (times.at(-1) ?? 0) / second;
  expect(1_000 / seconds).toBeGreaterThan(18);
  expect(1_000 / seconds).toBeLessThan(22);
  // No deferral counts as an attempt.
  expect(new Set(rows.map(({ status, attemptCount }) => `${status} ${attemptCount}`))).toEqual(
    new Set(["delivered 1"]),
  );
});

test("a backlog of many minutes drains at the maximum rate, and every event is delivered once", async () => {
  const { times, posted, rows } = await publishAtOnce(3_000, 10, 4, 8);
  expect(posted).toHaveLength(3_000);
  expect(new Set(posted.map(({ eventId }) => eventId)).size).toBe(3_000);
  expect(mostPerSecond(times)).toBeLessThanOrEqual(11);
  const seconds = (times.at(-1) ?? 0) / second;
  expect(3_000 / seconds).toBeGreaterThan(9);
  expect(rows.every(({ attemptCount }) => attemptCount === 1)).toBe(true);
});

test("below its maximum rate, a delivery does not wait", async () => {
  const { world, deliver } = await worldWith(aSubscription({ maxPerSecond: 500 }));
  expect(await deliver(first)).toMatchObject({ result: "delivered" });
  expect(world.slowDeliveries.sent).toEqual([]);
});

const limited = { ...aSubscription(), maxPerSecond: 1 };
const slow = { route: "slow", redelivered: false } as const;

test("a delivery without a slot soon waits for its turn in the queue of slow endpoints", async () => {
  const { world, deliver } = await worldWith(aSubscription({ maxPerSecond: 1 }));
  await world.endpointSlots.reserve(limited, 0);
  expect(await deliver(first)).toEqual({ result: "deferred" });
  expect(world.slowDeliveries.sent).toMatchObject([{ attemptCount: 0, turns: 1, delaySeconds: 1 }]);
  const stored = await world.notifications.get(key);
  expect(stored).toMatchObject({ status: "pending", attemptCount: 0, nextAttemptAt: noon + 1_000 });
  expect(world.deliveries.sent).toEqual([]);
});

test("a turn in more than a minute is waited for in the lane, and the sweep sends the delivery a minute before", async () => {
  const { world, deliver } = await worldWith(aSubscription({ maxPerSecond: 1 }));
  await world.endpointSlots.reserve(limited, 0);
  for (let taken = 0; taken < 100; taken++) await world.endpointSlots.turn(limited);
  expect(await deliver(first)).toEqual({ result: "deferred" });
  expect(world.slowDeliveries.sent).toEqual([]);
  const turnAt = noon + 101_000;
  expect(await world.notifications.get(key)).toMatchObject({ nextAttemptAt: turnAt, laneAt: turnAt - minute });
  world.time.advance(turnAt - minute - noon);
  expect(await deliver(later)).toEqual({ result: "deferred" });
  expect(world.slowDeliveries.sent).toMatchObject([{ turns: 1, delaySeconds: 60 }]);
  world.time.advance(minute);
  expect(await deliver({ ...later, turns: 1 }, slow)).toMatchObject({ result: "delivered" });
});

test("a delivery whose turn is full asks again soon, and after six times the sweep sends a new message", async () => {
  const { world, deliver } = await worldWith(aSubscription({ maxPerSecond: 1 }));
  await world.notifications.putNew([
    aNotification({ status: "pending", attemptCount: 0, attempts: [], nextAttemptAt: noon - 1 }),
  ]);
  world.endpointSlots.reserve = async () => undefined;
  expect(await deliver({ ...later, turns: 5 }, slow)).toEqual({ result: "deferred" });
  expect(world.slowDeliveries.sent).toMatchObject([{ turns: 6, delaySeconds: 10 }]);
  world.time.advance(10_000);
  expect(await deliver({ ...later, turns: 6 }, slow)).toEqual({ result: "deferred" });
  expect(world.slowDeliveries.sent).toHaveLength(1);
  expect(await world.notifications.get(key)).toMatchObject({ laneAt: noon + 10_000, event: { id: "evt_1" } });
});

test("without the schedule a delivery is deferred, and nothing counts as an attempt", async () => {
  const { world, deliver } = await worldWith(aSubscription({ maxPerSecond: 5 }));
  world.endpointSlots.reserve = async () => {
    throw new Error("throttled");
  };
  expect(await deliver(first)).toEqual({ result: "deferred" });
  expect(await world.notifications.get(key)).toMatchObject({ status: "pending", attemptCount: 0 });
  expect(world.sender.posted).toEqual([]);
});
