import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { replayNotification } from "../../../functions/core/notifications/replay-notification.ts";
import { type DeliverDeps, deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

const { organizationId, auditId, sequence, subscriptionId } = aNotification();
const key = { organizationId, auditId, sequence, subscriptionId };
const later: Delivery = { ...key, attemptCount: 0, eventId: "evt_1", eventName: "audit.closed", body: "{}" };
const first: Delivery = { ...later, createdAt: noon };
const event = { id: "evt_1", body: "{}" };
const day = 24 * 60 * 60_000;

async function worldWith(...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  // Rows as publishing wrote them.
  await world.notifications.putNew([newNotification(first, noon), newNotification({ ...first, sequence: 2 }, noon)]);
  const stored = async () => world.subscriptions.get(organizationId, subscriptionId);
  return { world, stored, deliver: deliverWebhook(world) };
}

const watcher = aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.disabled"] });

test("a 410 disables at once, holds the notification, and tells the other endpoints", async () => {
  const deaf = aSubscription({ subscriptionId: "deaf" });
  const off = { ...watcher, subscriptionId: "off", enabled: false };
  const { world, stored, deliver } = await worldWith(aSubscription(), watcher, deaf, off);
  world.webhooks.answers.push({ statusCode: 410, error: "answer-too-large" });
  expect(await deliver(first)).toEqual({ result: "disabled" });
  expect(await stored()).toMatchObject({ enabled: false, disabled: { reason: "gone" } });
  expect(await world.notifications.get(key)).toMatchObject({ status: "held", attemptCount: 1 });
  expect(world.deliveries.sent).toMatchObject([
    { subscriptionId: "watcher", auditId: subscriptionId, eventName: "subscription.disabled" },
  ]);
});

test("disabling is stored even if it cannot be announced yet; the sweep announces it", async () => {
  const { world, deliver } = await worldWith(aSubscription(), watcher);
  world.deliveries.send = async () => {
    throw new Error("the queue is gone");
  };
  world.webhooks.answers.push({ statusCode: 410 });
  expect(await deliver(first)).toEqual({ result: "disabled" });
  world.time.advance(91_000);
  const due = await world.subscriptionOutbox.due(world.clock(), 10);
  expect(due.rows).toMatchObject([{ organizationId, subscriptionId }]);
});

describe("the result of an endpoint whose owner has changed the URL", () => {
  const moved = aSubscription({ webhookUrl: "https://new.example/", revision: 2 });

  test.each([
    ["says that it is gone", { statusCode: 410 }],
    ["is overloaded", { statusCode: 504 }],
    ["fails", { statusCode: 500 }],
  ])("does not count against the new one, and the webhook is retried there: it %s", async (_, answer) => {
    const { world, stored, deliver } = await worldWith(moved, watcher);
    world.subscriptionCache.get = async () => aSubscription();
    world.webhooks.answers.push(answer);
    expect(await deliver(first)).toEqual({ result: "retry" });
    expect(await stored()).toEqual(moved);
    expect(await world.notifications.get(key)).toMatchObject({ status: "pending", attemptCount: 1 });
    expect(world.deliveries.sent).toMatchObject([{ attemptCount: 1 }]);
  });

  test("does not mark the new one as slow, and drops the cached subscription", async () => {
    const { world, stored } = await worldWith(moved);
    const forgotten: string[] = [];
    const subscriptionCache: DeliverDeps["subscriptionCache"] = {
      get: async () => aSubscription(),
      forget: (_, id) => void forgotten.push(id),
    };
    const elapsed = Promise.withResolvers<never>();
    world.sleep = () => elapsed.promise;
    const { post } = world.webhooks;
    world.webhooks.post = async (...given) => {
      elapsed.resolve(undefined as never);
      await turn();
      return post(...given);
    };
    expect(await deliverWebhook({ ...world, subscriptionCache })(first)).toMatchObject({ result: "delivered" });
    expect(await stored()).toEqual(moved);
    expect(forgotten).toEqual([subscriptionId]);
  });

  test("does not reset the new one", async () => {
    const failing = { ...moved, failingSince: noon };
    const { world, stored, deliver } = await worldWith(failing);
    world.subscriptionCache.get = async () => aSubscription({ failingSince: noon });
    expect(await deliver(first)).toMatchObject({ result: "delivered" });
    expect(await stored()).toEqual(failing);
  });
});

test("the announcement is recorded before it is sent, and delivered like any other", async () => {
  const { world, deliver } = await worldWith(aSubscription(), watcher);
  world.webhooks.answers.push({ statusCode: 410 }, { statusCode: 500 }, { statusCode: 200 });
  await deliver(first);
  const [told] = world.deliveries.sent;
  if (told === undefined) throw new Error("nobody was told");
  expect(await world.notifications.get(told)).toMatchObject({ status: "pending", event: { body: told.body } });
  expect(await deliver(told)).toEqual({ result: "retry" });
  const again = await deliver({ ...told, attemptCount: 1 });
  expect(again).toMatchObject({ result: "delivered", notification: { attemptCount: 2, event: { body: told.body } } });
});

test("an endpoint that has only failed for five days is disabled by its next failure", async () => {
  const { world, stored, deliver } = await worldWith(aSubscription({ failingSince: noon - 5 * day }));
  world.webhooks.answers.push({ error: "connection-refused" });
  expect(await deliver(first)).toEqual({ result: "disabled" });
  expect(await stored()).toMatchObject({ disabled: { reason: "failing" } });
});

test("a success resets failures, including those recorded by another worker", async () => {
  const { world, stored, deliver } = await worldWith(aSubscription({ failingSince: noon }));
  await deliver(first);
  expect(await stored()).not.toHaveProperty("failingSince");

  await world.notifications.putNew([aNotification()]);
  await world.subscriptions.update(aSubscription({ revision: 3, failingSince: noon }), 2);
  world.subscriptionCache.get = async () => aSubscription();
  expect(await deliver({ ...later, attemptCount: 1 })).toMatchObject({ result: "delivered" });
  expect(await stored()).not.toHaveProperty("failingSince");
});

test("a success of a healthy endpoint does not write its subscription", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  world.subscriptions.get = async () => {
    throw new Error("nothing is to be changed");
  };
  world.subscriptionCache.get = async () => aSubscription();
  expect(await deliver(first)).toMatchObject({ result: "delivered" });
});

test("an endpoint in backoff gets no attempts, and its deliveries come by the queue afterwards, once", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  world.webhooks.answers.push({ statusCode: 429 });
  await deliver(first);
  world.deliveries.sent.length = 0;
  const other = { ...first, sequence: 2 };
  expect(await deliver(other)).toEqual({ result: "deferred" });
  expect(world.webhooks.posted).toHaveLength(1);
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

describe("an endpoint's health that cannot be recorded", () => {
  const unnotable = async (subscription = aSubscription()) => {
    const { world, deliver } = await worldWith(subscription);
    world.subscriptions.update = async () => "stale";
    return { world, deliver };
  };

  test("does not prevent recording a failure", async () => {
    const { world, deliver } = await unnotable();
    world.webhooks.answers.push({ statusCode: 500 });
    expect(await deliver(first)).toEqual({ result: "retry" });
    expect(await world.notifications.get(key)).toMatchObject({ attemptCount: 1 });
  });

  test("does not prevent recording a success", async () => {
    const { deliver } = await unnotable(aSubscription({ failingSince: noon }));
    expect(await deliver(first)).toMatchObject({ result: "delivered" });
  });

  test("does not prevent retrying, and disabling, an endpoint that is gone", async () => {
    const { world, deliver } = await unnotable();
    world.webhooks.answers.push({ statusCode: 410 });
    expect(await deliver(first)).toEqual({ result: "retry" });
  });
});

test("a replay is sent to a disabled endpoint once, and held again if it fails", async () => {
  const { world, deliver } = await worldWith(aSubscription({ enabled: false }));
  await world.notifications.putNew([aNotification({ status: "held", laneAt: noon, event })]);
  world.webhooks.answers.push({ statusCode: 500 });
  await replayNotification(world)(key);
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliver(asked)).toEqual({ result: "held" });
  const held = await world.notifications.get(key);
  expect(held).toMatchObject({ status: "held", attemptCount: 2 });
  expect(held).not.toHaveProperty("replayedAfter");
});

test("a replay during a failing last attempt is attempted again", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  await world.notifications.putNew([aNotification({ attemptCount: 9, event })]);
  const post = world.webhooks.post;
  world.webhooks.post = async (...given) => {
    world.webhooks.post = post;
    expect(await replayNotification(world)(key)).toMatchObject({ status: "pending" });
    return post(...given);
  };
  world.webhooks.answers.push({ statusCode: 500 });
  await deliver({ ...later, attemptCount: 9 });
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliver(asked)).toMatchObject({ result: "delivered" });
});

test("a replay restarts the schedule, and keeps the earlier attempts", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  await world.notifications.putNew([aNotification({ status: "delivery_failed", attemptCount: 10, event })]);
  world.webhooks.answers.push({ statusCode: 500 });
  expect(await replayNotification(world)(key)).toMatchObject({ status: "pending", replayedAfter: 10 });
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliver(asked)).toEqual({ result: "retry" });
  expect(world.deliveries.sent.at(-1)).toMatchObject({ attemptCount: 11, delaySeconds: 5 });
  expect(await deliver({ ...asked, attemptCount: 11 })).toMatchObject({
    result: "delivered",
    notification: { attemptCount: 12, attempts: [{ statusCode: 500 }, { statusCode: 500 }, { statusCode: 204 }] },
  });
});
