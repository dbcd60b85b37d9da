import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { retryWaitsMs } from "../../../functions/core/notifications/delivery-schedule.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { deliveryGraceMs } from "../../../functions/core/publishing/notify-subscriptions.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

const { organizationId, auditId, sequence, subscriptionId } = aNotification();
const key = { organizationId, auditId, sequence, subscriptionId };
const first: Delivery = {
  ...key,
  attemptCount: 0,
  createdAt: noon,
  eventId: "evt_1",
  eventName: "audit.closed",
  body: '{"id":"evt_1"}',
};
const { createdAt: _, ...later } = first;
const second: Delivery = { ...later, attemptCount: 1 };
/** Its row as publishing wrote it. */
const published = { ...newNotification(first, noon), laneAt: noon + deliveryGraceMs };

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await turn();
}

async function worldWith(subscription = aSubscription()) {
  const world = fakeWorld();
  await world.subscriptions.create(subscription);
  await world.notifications.putNew([published]);
  return { world, deliver: deliverWebhook(world) };
}

describe("a first attempt", () => {
  test("sends the event's exact bytes, and reads only the subscription", async () => {
    const { world } = await worldWith();
    world.notifications.get = async () => {
      throw new Error("its row need not be read");
    };
    await deliverWebhook(world)(first);
    expect(world.webhooks.posted).toEqual([
      { subscription: aSubscription(), message: { id: "evt_1", body: '{"id":"evt_1"}' } },
    ]);
  });

  test("of an old message reads the row, because the sweep may have sent another", async () => {
    const { world, deliver } = await worldWith();
    world.time.set(noon + deliveryGraceMs);
    await deliver(later);
    expect(await deliver(first)).toMatchObject({ result: "delivered", seen: published });
    await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
    expect(await deliver(first)).toEqual({ result: "skipped" });
  });

  test("that succeeds is returned to be recorded, and not written yet", async () => {
    const { world, deliver } = await worldWith();
    expect(await deliver(first)).toEqual({
      result: "delivered",
      notification: {
        ...key,
        eventName: "audit.closed",
        status: "delivered",
        attemptCount: 1,
        attempts: [{ at: noon, ms: 10, statusCode: 204 }],
        createdAt: noon,
      },
    });
    expect(await world.notifications.get(key)).toEqual(published);
  });

  test("that fails is recorded and retried by the queue", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.answers.push({ statusCode: 500 });
    expect(await deliver(first)).toEqual({ result: "retry" });
    const dueAt = noon + 10 + (retryWaitsMs[0] ?? 0);
    expect(await world.notifications.get(key)).toMatchObject({
      status: "pending",
      attemptCount: 1,
      nextAttemptAt: dueAt,
      laneAt: dueAt + 60_000,
    });
    expect(world.deliveries.sent).toEqual([{ ...second, delaySeconds: 5 }]);
  });

  test("reports an endpoint that has only failed for hours", async () => {
    const { world, deliver } = await worldWith(aSubscription({ failingSince: noon - 7 * 60 * 60_000 }));
    world.webhooks.answers.push({ statusCode: 500 });
    expect(await deliver(first)).toEqual({ result: "retry", endpointFailsForLong: true });
  });

  test("of a duplicate message leaves one record and one retry", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.answers.push({ statusCode: 500 }, { statusCode: 500 });
    await deliver(first);
    await deliver(first);
    expect(await world.notifications.listOfAudit(key)).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("that fails never overwrites a recorded delivery", async () => {
    const { world, deliver } = await worldWith();
    await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
    world.webhooks.answers.push({ statusCode: 500 });
    await deliver(first);
    expect(await world.notifications.get(key)).toMatchObject({ status: "delivered" });
    expect(world.deliveries.sent).toEqual([]);
  });

  test("for a disabled subscription is not made, and the notification is held", async () => {
    const { world, deliver } = await worldWith(aSubscription({ enabled: false }));
    expect(await deliver(first)).toEqual({ result: "held" });
    expect(world.webhooks.posted).toEqual([]);
    expect(await world.notifications.get(key)).toMatchObject({ status: "held", attemptCount: 0 });
  });

  test("for a deleted subscription is not made, and the notification fails", async () => {
    const { world, deliver } = await worldWith();
    world.state.subscriptions.clear();
    expect(await deliver(first)).toEqual({ result: "skipped" });
    expect(world.webhooks.posted).toEqual([]);
    expect(await world.notifications.get(key)).toMatchObject({
      ...{ status: "delivery_failed", failure: "subscription-deleted", attemptCount: 0 },
    });
  });

  test("that throws is a failed attempt, and is retried by the schedule", async () => {
    const { world } = await worldWith();
    const reported: unknown[] = [];
    const defect = new Error("a defect");
    const webhooks = { ...world.webhooks, post: async () => Promise.reject(defect) };
    const report = (_what: string, error: unknown) => void reported.push(error);
    expect(await deliverWebhook({ ...world, webhooks, report })(first)).toEqual({ result: "retry" });
    expect(await world.notifications.get(key)).toMatchObject({
      attemptCount: 1,
      attempts: [{ error: "internal-error" }],
    });
    expect(reported).toEqual([defect]);
  });
});

describe("a first attempt whose message came back", () => {
  const again = (deliver: ReturnType<typeof deliverWebhook>) =>
    deliver(first, { route: "standard", redelivered: true });

  test.each([
    ["failed", aNotification()],
    ["succeeded", aNotification({ status: "delivered" })],
    ["was held", aNotification({ status: "held" })],
  ])("is not made again early if it is recorded that it %s", async (_, stored) => {
    const { world, deliver } = await worldWith();
    await world.notifications.putDelivered([stored]);
    expect(await again(deliver)).toEqual({ result: "skipped" });
    expect(world.webhooks.posted).toEqual([]);
  });

  test("is not made, either, for a message that the sweep sent before the first one arrived", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.answers.push({ statusCode: 503, retryAfterMs: 3_600_000 });
    await deliver(first);
    expect(await deliver(later)).toEqual({ result: "skipped" });
    expect(world.webhooks.posted).toHaveLength(1);
  });

  test.each([
    ["it is on record as published", published],
    ["it is on record as deferred", aNotification({ attemptCount: 0, attempts: [], nextAttemptAt: noon })],
  ])("is made again if %s; the interrupted one is recorded before that", async (_, stored) => {
    const { world, deliver } = await worldWith();
    await world.notifications.putNew([stored]);
    const { post } = world.webhooks;
    let during: unknown;
    world.webhooks.post = async (...given) => {
      during = await world.notifications.get(key);
      return post(...given);
    };
    const interrupted = { at: noon, ms: 0, error: "interrupted" };
    expect(await again(deliver)).toMatchObject({
      result: "delivered",
      notification: { attemptCount: 2, attempts: [interrupted, { statusCode: 204 }] },
    });
    // If that one is interrupted, too, the sweep sends the next.
    expect(during).toMatchObject({
      ...{ status: "pending", attemptCount: 1, attempts: [interrupted], event: { id: "evt_1", body: first.body } },
      laneAt: noon + 5_000 + 60_000,
    });
  });

  test("is not made again if that is already recorded", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.post = () => new Promise<never>(() => undefined);
    void again(deliver);
    await until(async () => (await world.notifications.get(key))?.attemptCount === 1);
    expect(await again(deliver)).toEqual({ result: "skipped" });
  });

  test("is the last one if the schedule has no more", async () => {
    const { world, deliver } = await worldWith();
    await world.notifications.putNew([aNotification({ attemptCount: 9 })]);
    const last = { ...later, attemptCount: 9 };
    expect(await deliver(last, { route: "standard", redelivered: true })).toEqual({ result: "exhausted" });
    expect(world.webhooks.posted).toEqual([]);
    expect(await world.notifications.get(key)).toMatchObject({ status: "delivery_failed", attemptCount: 10 });
  });

  test("and fails is retried by the schedule, like any other", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.answers.push({ statusCode: 500 });
    expect(await deliver({ ...later, interrupted: true }, { route: "standard", redelivered: true })).toEqual({
      result: "retry",
    });
    expect(world.deliveries.sent).toEqual([{ ...later, attemptCount: 2, delaySeconds: 300 }]);
  });
});

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
    world.webhooks.answers.push({ statusCode: 500, answer: "no such table" }, { error: "timeout" });
    await deliver(second);
    expect(await world.notifications.get(key)).toMatchObject({ answer: "no such table" });
    await deliver({ ...second, attemptCount: 2 });
    expect(await world.notifications.get(key)).not.toHaveProperty("answer");
    world.webhooks.answers.push({ statusCode: 200, answer: "thanks" });
    expect(await deliver({ ...second, attemptCount: 3 })).not.toHaveProperty("notification.answer");
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
    expect(world.webhooks.posted).toEqual([]);
    expect(await world.notifications.get(key)).toEqual(stored);
  });

  test("is not made without a row", async () => {
    const { world, deliver } = await worldWith();
    world.state.notifications.clear();
    world.state.notifications.clear();
    expect(await deliver(second)).toEqual({ result: "skipped" });
    expect(world.webhooks.posted).toEqual([]);
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
    for (let attemptCount = 0; attemptCount <= retryWaitsMs.length; attemptCount++) {
      world.webhooks.answers.push({ error: "connection-refused" });
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
    expect(record).not.toHaveProperty("laneAt");
  });

  test("a wait that is too long for SQS is in the lane, due at its exact time, and stores the event", async () => {
    const { world, deliver } = await worldWith();
    await world.notifications.putNew([aNotification({ attemptCount: 2 })]);
    world.webhooks.answers.push({ statusCode: 500 });
    await deliver({ ...later, attemptCount: 2 });
    expect(world.deliveries.sent).toEqual([]);
    const record = await world.notifications.get(key);
    expect(record?.laneAt).toBe(record?.nextAttemptAt);
    expect(record?.event).toEqual({ id: first.eventId, body: first.body });
  });

  test.each([0, 0.123, 0.5, 0.999, 1])("a message is never early (random %d)", async (random) => {
    const { world } = await worldWith();
    world.webhooks.answers.push({ statusCode: 500, ms: 37 });
    await deliverWebhook({ ...world, random: () => random })(first);
    const { nextAttemptAt = 0 } = (await world.notifications.get(key)) ?? {};
    const [{ delaySeconds } = { delaySeconds: 0 }] = world.deliveries.sent;
    expect(noon + 37 + delaySeconds * 1_000).toBeGreaterThanOrEqual(nextAttemptAt);
  });

  test("the receiver's Retry-After delays the next attempt", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.answers.push({ statusCode: 429, retryAfterMs: 120_000 });
    await deliver(first);
    expect(await world.notifications.get(key)).toMatchObject({ nextAttemptAt: noon + 10 + 120_000 });
    expect(world.deliveries.sent).toMatchObject([{ delaySeconds: 120 }]);
  });

  test("the lane replaces a lost message", async () => {
    const { world, deliver } = await worldWith();
    world.webhooks.answers.push({ statusCode: 500 });
    world.deliveries.send = async () => {
      throw new Error("the queue is gone");
    };
    await expect(deliver(first)).rejects.toThrow("the queue is gone");
    expect((await world.notifications.get(key))?.laneAt).toBe(noon + 10 + 5_000 + 60_000);
  });
});
