import { describe, expect, test } from "@jest/globals";
import type { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification } from "../../support/sample-audits.ts";
import { first, key, later, published, until, worldWith } from "./one-delivery.ts";

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
    expect(world.sender.posted).toEqual([]);
  });

  test("is not made, either, for a message that the sweep sent before the first one arrived", async () => {
    const { world, deliver } = await worldWith();
    world.sender.responses.push({ statusCode: 503, retryAfterMs: 3_600_000 });
    await deliver(first);
    expect(await deliver(later)).toEqual({ result: "skipped" });
    expect(world.sender.posted).toHaveLength(1);
  });

  test.each([
    ["it is on record as published", published],
    ["it is on record as deferred", aNotification({ attemptCount: 0, attempts: [], nextAttemptAt: noon })],
  ])("is made again if %s; the interrupted one is recorded before that", async (_, stored) => {
    const { world, deliver } = await worldWith();
    await world.notifications.putNew([stored]);
    const { send } = world.sender;
    let during: unknown;
    world.sender.send = async (...given) => {
      during = await world.notifications.get(key);
      return send(...given);
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
    world.sender.send = () => new Promise<never>(() => undefined);
    void again(deliver);
    await until(async () => (await world.notifications.get(key))?.attemptCount === 1);
    expect(await again(deliver)).toEqual({ result: "skipped" });
  });

  test("is the last one if the schedule has no more", async () => {
    const { world, deliver } = await worldWith();
    await world.notifications.putNew([aNotification({ attemptCount: 9 })]);
    const last = { ...later, attemptCount: 9 };
    expect(await deliver(last, { route: "standard", redelivered: true })).toEqual({ result: "exhausted" });
    expect(world.sender.posted).toEqual([]);
    expect(await world.notifications.get(key)).toMatchObject({ status: "delivery_failed", attemptCount: 10 });
  });

  test("and fails is retried by the schedule, like any other", async () => {
    const { world, deliver } = await worldWith();
    world.sender.responses.push({ statusCode: 500 });
    expect(await deliver({ ...later, interrupted: true }, { route: "standard", redelivered: true })).toEqual({
      result: "retry",
    });
    expect(world.deliveries.sent).toEqual([{ ...later, attemptCount: 2, delaySeconds: 300 }]);
  });
});
