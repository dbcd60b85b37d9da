import { describe, expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { noon } from "../../support/fake-clock.ts";
import { aSubscription } from "../../support/sample-audits.ts";
import { day, first, key, later, organizationId, subscriptionId, worldWith } from "./first-deliveries.ts";

test("an endpoint in backoff gets no attempts, and its deliveries come by the queue afterwards, once", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  world.sender.responses.push({ statusCode: 429 });
  await deliver(first);
  world.deliveries.sent.length = 0;
  const other = { ...first, sequence: 2 };
  expect(await deliver(other)).toEqual({ result: "deferred" });
  expect(world.sender.posted).toHaveLength(1);
  expect(world.deliveries.sent).toMatchObject([{ ...later, sequence: 2, delaySeconds: 34 }]);
  // The sweep does not replace it before its time.
  expect(await world.notifications.get(other)).toMatchObject({
    status: "pending",
    nextAttemptAt: noon + 34_000,
    laneAt: noon + 34_000 + 15 * 60_000,
  });
  // A duplicate of a deferred message is ignored.
  expect(await deliver(other)).toEqual({ result: "skipped" });
  world.time.advance(34_000);
  const [putOff] = world.deliveries.sent;
  if (putOff === undefined) throw new Error("nothing was sent");
  const delivered = await deliver(putOff);
  expect(delivered).toMatchObject({ result: "delivered", notification: { attemptCount: 1 } });
});

describe("a deferred delivery", () => {
  const slowedFor = (ms: number) => aSubscription({ backoff: { until: noon + ms, waitMs: 30_000 } });

  test("for longer than a minute waits only in the lane, with its event", async () => {
    const { world, deliver } = await worldWith(slowedFor(100_000));
    expect(await deliver(first)).toEqual({ result: "deferred" });
    expect(world.deliveries.sent).toEqual([]);
    const deferred = await world.notifications.get(key);
    expect(deferred).toMatchObject({ status: "pending", attemptCount: 0, event: { id: "evt_1", body: "{}" } });
    expect(deferred).toMatchObject({ nextAttemptAt: noon + 110_000, laneAt: noon + 110_000 });
    // A duplicate of the message changes nothing.
    expect(await deliver(first)).toEqual({ result: "skipped" });
  });

  test("waits for a quarter of the event's age, so that a backlog is not processed all the time", async () => {
    const { world, deliver } = await worldWith(slowedFor(1_000));
    await world.notifications.putNew([newNotification(first, noon - 4 * 3_600_000)]);
    await deliver(later);
    expect((await world.notifications.get(key))?.laneAt).toBe(noon + 1.1 * 3_600_000);
  });

  test("waits for at most a day", async () => {
    const { world, deliver } = await worldWith(slowedFor(1_000));
    await world.notifications.putNew([newNotification(first, noon - 30 * day)]);
    await deliver(later);
    expect((await world.notifications.get(key))?.laneAt).toBe(noon + day);
  });

  test("of an endpoint that is down for five days is processed about thirty times", async () => {
    const { world, deliver } = await worldWith(slowedFor(5 * day));
    let times = 0;
    let next: Delivery = first;
    // Its endpoint is set to 15 minutes of backoff again and again.
    while (world.clock() < noon + 5 * day) {
      const stored = await world.subscriptions.get(organizationId, subscriptionId);
      if (stored === undefined) throw new Error("it is gone");
      const backoff = { until: world.clock() + 14 * 60_000, waitMs: 14 * 60_000 };
      await world.subscriptions.update({ ...stored, backoff, revision: stored.revision + 1 }, stored.revision);
      expect(await deliver(next)).toEqual({ result: "deferred" });
      times++;
      world.time.set((await world.notifications.get(key))?.laneAt ?? Number.POSITIVE_INFINITY);
      next = later;
    }
    expect(times).toBeLessThan(35);
    expect(world.deliveries.sent).toEqual([]);
  });
});
