import { describe, expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { retryWaitsMs } from "../../../functions/core/notifications/delivery-schedule.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";
import { auditId, first, key, later, worldWith } from "./one-delivery.ts";

const second: Delivery = { ...later, attemptCount: 1 };

describe("a later attempt", () => {
  async function worldWithPending(subscription = aSubscription()) {
    const { world, deliver } = await worldWith(subscription);
    await world.notifications.putNew([aNotification({ nextAttemptAt: noon, laneAt: noon })]);
    return { world, deliver };
  }

  test("that succeeds records all attempts", async () => {
    const { deliver } = await worldWithPending();
    expect(await deliver(second)).toMatchObject({
      result: "delivered",
      notification: { status: "delivered", attemptCount: 2, attempts: [{ statusCode: 500 }, { statusCode: 204 }] },
    });
  });

  test("keeps the start of the last response, until one succeeds", async () => {
    const { world, deliver } = await worldWithPending();
    world.sender.responses.push({ statusCode: 500, response: "no such table" }, { error: "timeout" });
    await deliver(second);
    expect(await world.notifications.get(key)).toMatchObject({ response: "no such table" });
    await deliver({ ...second, attemptCount: 2 });
    expect(await world.notifications.get(key)).not.toHaveProperty("response");
    world.sender.responses.push({ statusCode: 200, response: "thanks" });
    expect(await deliver({ ...second, attemptCount: 3 })).not.toHaveProperty("notification.response");
  });

  test("that succeeds removes it from its lane", async () => {
    const { deliver } = await worldWithPending();
    const outcome = await deliver(second);
    expect(outcome).not.toHaveProperty("notification.laneAt");
    expect(outcome).not.toHaveProperty("notification.nextAttemptAt");
  });

  test.each([
    ["has moved on", aNotification({ attemptCount: 2 })],
    ["is delivered", aNotification({ status: "delivered" })],
    ["is held", aNotification({ status: "held" })],
    ["has failed", aNotification({ status: "delivery_failed" })],
  ])("is not made if the notification %s", async (_, stored) => {
    const { world, deliver } = await worldWith();
    await world.notifications.putDelivered([stored]);
    expect(await deliver(second)).toEqual({ result: "skipped" });
    expect(world.sender.posted).toEqual([]);
    expect(await world.notifications.get(key)).toEqual(stored);
  });

  test("is not made without a row", async () => {
    const { world, deliver } = await worldWith();
    world.state.notifications.clear();
    world.state.notifications.clear();
    expect(await deliver(second)).toEqual({ result: "skipped" });
    expect(world.sender.posted).toEqual([]);
  });

  test("for a subscription disabled meanwhile holds the notification in the subscription's lane", async () => {
    const { world, deliver } = await worldWithPending(aSubscription({ enabled: false }));
    expect(await deliver(second)).toEqual({ result: "held" });
    const held = await world.notifications.get(key);
    expect(held).toMatchObject({ status: "held", attemptCount: 1, laneAt: world.clock() });
    const of = { organizationId: "org", shard: shardOf(auditId) };
    expect((await world.deliveryLane.due(of, world.clock(), 10)).rows).toEqual([]);
    expect((await world.heldNotifications.list(key, 10)).rows).toMatchObject([key]);
  });

  test("for a subscription deleted meanwhile fails the notification", async () => {
    const { world, deliver } = await worldWithPending();
    world.state.subscriptions.clear();
    expect(await deliver(second)).toEqual({ result: "skipped" });
    expect(await world.notifications.get(key)).not.toHaveProperty("laneAt");
  });
});

describe("the waits", () => {
  test("an attempt follows every failure by the schedule, until the last has failed", async () => {
    const { world, deliver } = await worldWith();
    await world.subscriptions.create(aSubscription({ subscriptionId: "watcher", eventNames: ["notification.failed"] }));
    for (let attemptCount = 0; attemptCount <= retryWaitsMs.length; attemptCount++) {
      world.sender.responses.push({ error: "connection-refused" });
      const endsAt = world.clock() + 10;
      const { result } = await deliver(attemptCount === 0 ? first : { ...later, attemptCount });
      const record = await world.notifications.get(key);
      const wait = retryWaitsMs[attemptCount];
      expect(result).toBe(wait === undefined ? "exhausted" : "retry");
      expect(record?.nextAttemptAt).toBe(wait === undefined ? undefined : endsAt + wait);
      world.time.set(record?.nextAttemptAt ?? world.clock());
    }
    const record = await world.notifications.get(key);
    expect(record).toMatchObject({ status: "delivery_failed", attemptCount: 10 });
    expect(record?.attempts).toHaveLength(10);
    expect(world.deliveries.sent.at(-1)).toMatchObject({ eventName: "notification.failed", subscriptionId: "watcher" });
    expect(record).not.toHaveProperty("laneAt");
  });

  test("a wait that is too long for SQS is in the lane, due at its exact time, and stores the event", async () => {
    const { world, deliver } = await worldWith();
    await world.notifications.putNew([aNotification({ attemptCount: 2 })]);
    world.sender.responses.push({ statusCode: 500 });
    await deliver({ ...later, attemptCount: 2 });
    expect(world.deliveries.sent).toEqual([]);
    const record = await world.notifications.get(key);
    expect(record?.laneAt).toBe(record?.nextAttemptAt);
    expect(record?.event).toEqual({ id: first.eventId, body: first.body });
  });

  test.each([0, 0.123, 0.5, 0.999, 1])("a message is never early (random %d)", async (random) => {
    const { world } = await worldWith();
    world.sender.responses.push({ statusCode: 500, ms: 37 });
    await deliverWebhook({ ...world, random: () => random })(first);
    const { nextAttemptAt = 0 } = (await world.notifications.get(key)) ?? {};
    const [{ delaySeconds } = { delaySeconds: 0 }] = world.deliveries.sent;
    expect(noon + 37 + delaySeconds * 1_000).toBeGreaterThanOrEqual(nextAttemptAt);
  });

  test("the receiver's Retry-After delays the next attempt", async () => {
    const { world, deliver } = await worldWith();
    world.sender.responses.push({ statusCode: 429, retryAfterMs: 120_000 });
    await deliver(first);
    expect(await world.notifications.get(key)).toMatchObject({ nextAttemptAt: noon + 10 + 120_000 });
    expect(world.deliveries.sent).toMatchObject([{ delaySeconds: 120 }]);
  });

  test("the lane replaces a lost message", async () => {
    const { world, deliver } = await worldWith();
    world.sender.responses.push({ statusCode: 500 });
    world.deliveries.send = async () => {
      throw new Error("the queue is gone");
    };
    await expect(deliver(first)).rejects.toThrow("the queue is gone");
    expect((await world.notifications.get(key))?.laneAt).toBe(noon + 10 + 5_000 + 60_000);
  });
});
