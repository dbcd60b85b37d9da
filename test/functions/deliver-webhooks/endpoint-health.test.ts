import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { type DeliverDeps, deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";
import { day, first, key, later, organizationId, subscriptionId, worldWith } from "./first-deliveries.ts";

const watcher = aSubscription({ subscriptionId: "watcher", eventNames: ["subscription.disabled"] });

test("a 410 disables at once, holds the notification, and tells the other endpoints", async () => {
  const deaf = aSubscription({ subscriptionId: "deaf" });
  const off = { ...watcher, subscriptionId: "off", enabled: false };
  const { world, stored, deliver } = await worldWith(aSubscription(), watcher, deaf, off);
  world.sender.responses.push({ statusCode: 410, error: "answer-too-large" });
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
  world.sender.responses.push({ statusCode: 410 });
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
  ])("does not count against the new one, and the webhook is retried there: it %s", async (_, response) => {
    const { world, stored, deliver } = await worldWith(moved, watcher);
    world.subscriptionCache.get = async () => aSubscription();
    world.sender.responses.push(response);
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
    const { send } = world.sender;
    world.sender.send = async (...given) => {
      elapsed.resolve(undefined as never);
      await turn();
      return send(...given);
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
  world.sender.responses.push({ statusCode: 410 }, { statusCode: 500 }, { statusCode: 200 });
  await deliver(first);
  const [told] = world.deliveries.sent;
  if (told === undefined) throw new Error("nobody was told");
  expect(await world.notifications.get(told)).toMatchObject({ status: "pending", event: { body: told.body } });
  expect(await deliver(told)).toEqual({ result: "retry" });
  const again = await deliver({ ...told, attemptCount: 1 });
  expect(again).toMatchObject({ result: "delivered", notification: { attemptCount: 2, event: { body: told.body } } });
});

test("an endpoint that has only failed for five days is disabled by its next failure", async () => {
  const { world, stored, deliver } = await worldWith(
    aSubscription({ failingSince: noon - 5 * day, warned: { stages: 3, firstAt: noon - 4 * day } }),
  );
  world.sender.responses.push({ error: "connection-refused" });
  expect(await deliver(first)).toEqual({ result: "disabled" });
  expect(await stored()).toMatchObject({ disabled: { reason: "failing" } });
});

describe("an endpoint that has only failed for half a day", () => {
  const both = ["subscription.failing", "subscription.recovered"] as const;
  const all = aSubscription({ subscriptionId: "watcher", eventNames: [...both] });

  test("is announced with what waits for it, and so is its recovery", async () => {
    const { world, stored, deliver } = await worldWith(aSubscription({ failingSince: noon - day / 2 }), all);
    world.sender.responses.push({ statusCode: 500 });
    expect(await deliver(first)).toMatchObject({ result: "retry" });
    const [failing, again] = world.deliveries.sent.toSorted((a, b) => b.eventName.localeCompare(a.eventName));
    expect(failing).toMatchObject({ subscriptionId: "watcher", eventName: "subscription.failing" });
    expect(JSON.parse(failing?.body ?? "").data.attributes).toMatchObject({ owedNotifications: 2 });
    if (again !== undefined) await deliver(again);
    const recovered = world.deliveries.sent.at(-1);
    expect(recovered).toMatchObject({ eventName: "subscription.recovered" });
    // The notification that was just delivered is not counted.
    expect(JSON.parse(recovered?.body ?? "").data.attributes).toMatchObject({ owedNotifications: 1 });
    expect(await stored()).not.toHaveProperty("failingSince");
  });

  test("is announced by the sweep if that fails, and the attempt is recorded", async () => {
    const { world, deliver } = await worldWith(aSubscription({ failingSince: noon - day / 2 }), all);
    world.sender.responses.push({ statusCode: 500 });
    world.subscriptions.list = world.notificationStates.read = async () => {
      throw new Error("the table is gone");
    };
    expect(await deliver(first)).toMatchObject({ result: "retry" });
    expect(await world.notifications.get(key)).toMatchObject({ attemptCount: 1 });
    world.time.advance(91_000);
    expect((await world.subscriptionOutbox.due(world.clock(), 10)).rows).toMatchObject([{ subscriptionId }]);
  });
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

describe("an endpoint's health that cannot be recorded", () => {
  const unnotable = async (subscription = aSubscription()) => {
    const { world, deliver } = await worldWith(subscription);
    world.subscriptions.update = async () => "stale";
    return { world, deliver };
  };

  test("does not prevent recording a failure", async () => {
    const { world, deliver } = await unnotable();
    world.sender.responses.push({ statusCode: 500 });
    expect(await deliver(first)).toEqual({ result: "retry" });
    expect(await world.notifications.get(key)).toMatchObject({ attemptCount: 1 });
  });

  test("does not prevent recording a success", async () => {
    const { deliver } = await unnotable(aSubscription({ failingSince: noon }));
    expect(await deliver(first)).toMatchObject({ result: "delivered" });
  });

  test("does not prevent retrying, and disabling, an endpoint that is gone", async () => {
    const { world, deliver } = await unnotable();
    world.sender.responses.push({ statusCode: 410 });
    expect(await deliver(first)).toEqual({ result: "retry" });
  });
});
