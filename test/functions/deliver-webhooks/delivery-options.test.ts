import { expect, test } from "@jest/globals";
import { type Notification, newNotification } from "../../../functions/core/notifications/notification.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";
import { day, first, key, later, worldWith } from "./first-deliveries.ts";

const second = { ...first, sequence: 2, eventId: "evt_2" };
const secondKey = { ...key, sequence: 2 };

test("retries follow the subscription's own schedule, until its last attempt", async () => {
  const { world, deliver } = await worldWith(aSubscription({ retrySchedule: [7, 60] }));
  for (const [attemptCount, result] of ["retry", "retry", "exhausted"].entries()) {
    world.sender.responses.push({ statusCode: 500 });
    expect(await deliver(attemptCount === 0 ? first : { ...later, attemptCount })).toEqual({ result });
  }
  expect(world.deliveries.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([7, 60]);
});

test("an interrupted attempt counts in the subscription's own schedule", async () => {
  const { world, deliver } = await worldWith(aSubscription({ retrySchedule: [7] }));
  await world.notifications.putNew([aNotification()]);
  const source = { route: "standard", redelivered: true } as const;
  expect(await deliver({ ...later, attemptCount: 1 }, source)).toEqual({ result: "exhausted" });
});

test.each([
  ["waits for its first attempt", {}, noon + 5_000],
  ["waits for a retry", { attemptCount: 1, nextAttemptAt: noon + 20_000 }, noon + 25_000],
  ["is held", { status: "held", laneAt: noon }, noon + 5_000],
] as [string, Partial<Notification>, number][])(
  "an ordered event waits while an earlier one of its audit %s",
  async (_, changes, nextAttemptAt) => {
    const { world, deliver } = await worldWith(aSubscription({ ordered: true }));
    const before = await world.notifications.get(key);
    if (before !== undefined) await world.notifications.putNew([{ ...before, ...changes }]);
    expect(await deliver(second)).toEqual({ result: "deferred" });
    const stored = await world.notifications.get(secondKey);
    expect(stored).toMatchObject({ status: "pending", attemptCount: 0 });
    expect(stored?.nextAttemptAt).toBeGreaterThanOrEqual(nextAttemptAt);
    expect(stored?.nextAttemptAt).toBeLessThanOrEqual(nextAttemptAt + 6_000);
    expect(world.sender.posted).toEqual([]);
  },
);

test("an old event waits minutes for its turn, and not a share of its age", async () => {
  const { world, deliver } = await worldWith(aSubscription({ ordered: true }));
  const happenedAt = noon - 5 * day;
  await world.notifications.putNew([newNotification(first, happenedAt), newNotification(second, happenedAt)]);
  expect(await deliver({ ...later, sequence: 2 })).toEqual({ result: "deferred" });
  expect((await world.notifications.get(secondKey))?.nextAttemptAt).toBeLessThanOrEqual(noon + 6 * 60_000);
});

test("a message passes through its queue fewer than 16 times, where Lambda ends a recursive loop", async () => {
  const { world, deliver } = await worldWith(aSubscription({ retrySchedule: Array.from({ length: 20 }, () => 60) }));
  const byQueue: boolean[] = [];
  for (let attemptCount = 0; attemptCount < 20; attemptCount++) {
    world.sender.responses.push({ statusCode: 500 });
    world.deliveries.sent.length = 0;
    expect(await deliver({ ...later, attemptCount })).toEqual({ result: "retry" });
    byQueue.push(world.deliveries.sent.length > 0);
  }
  const runs = byQueue
    .map((isQueued) => (isQueued ? "q" : " "))
    .join("")
    .split(" ");
  expect(Math.max(...runs.map(({ length }) => length))).toBe(7);
});

test.each(["delivered", "delivery_failed"] as const)(
  "an ordered event follows an earlier one that is %s",
  async (status) => {
    const { world, deliver } = await worldWith(aSubscription({ ordered: true }));
    await world.notifications.putNew([aNotification({ status })]);
    expect(await deliver(second)).toMatchObject({ result: "delivered" });
  },
);

test("an ordered event does not wait for another subscription's, nor for a later event, and the first reads nothing", async () => {
  const { world, deliver } = await worldWith(aSubscription({ ordered: true }));
  await world.notifications.putNew([
    aNotification({ status: "delivered" }),
    aNotification({ subscriptionId: "other" }),
    aNotification({ sequence: 3 }),
  ]);
  expect(await deliver(second)).toMatchObject({ result: "delivered" });
  world.notifications.listOfAudit = async () => {
    throw new Error("not needed");
  };
  expect(await deliver(first)).toMatchObject({ result: "delivered" });
});

test("without `ordered` an event does not wait", async () => {
  const { deliver } = await worldWith(aSubscription());
  expect(await deliver(second)).toMatchObject({ result: "delivered" });
});
