import { describe, expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { retryWaitsMs } from "../../../functions/core/notifications/delivery-schedule.ts";
import { deliveryGraceMs } from "../../../functions/core/publishing/notify-subscriptions.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";
import { first, key, later, organizationId, published, subscriptionId, worldWith } from "./one-delivery.ts";

const second: Delivery = { ...later, attemptCount: 1 };

describe("a first attempt", () => {
  test("sends the event's exact bytes, and reads only the subscription", async () => {
    const { world } = await worldWith();
    world.notifications.get = async () => {
      throw new Error("its row need not be read");
    };
    await deliverWebhook(world)(first);
    expect(world.sender.posted).toEqual([
      {
        subscription: aSubscription(),
        event: { id: "evt_1", type: "audit.closed", subjectId: first.auditId, at: noon, body: '{"id":"evt_1"}' },
      },
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
    world.sender.responses.push({ statusCode: 500 });
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
    world.sender.responses.push({ statusCode: 500 });
    expect(await deliver(first)).toEqual({ result: "retry", endpointFailsForLong: true });
  });

  test("of a duplicate message leaves one record and one retry", async () => {
    const { world, deliver } = await worldWith();
    world.sender.responses.push({ statusCode: 500 }, { statusCode: 500 });
    await deliver(first);
    await deliver(first);
    expect(await world.notifications.listOfAudit(key)).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("that fails never overwrites a recorded delivery", async () => {
    const { world, deliver } = await worldWith();
    await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
    world.sender.responses.push({ statusCode: 500 });
    await deliver(first);
    expect(await world.notifications.get(key)).toMatchObject({ status: "delivered" });
    expect(world.deliveries.sent).toEqual([]);
  });

  test("for a disabled subscription is not made, and the notification is held", async () => {
    const { world, deliver } = await worldWith(aSubscription({ enabled: false }));
    expect(await deliver(first)).toEqual({ result: "held" });
    expect(world.sender.posted).toEqual([]);
    expect(await world.notifications.get(key)).toMatchObject({ status: "held", attemptCount: 0 });
  });

  test("for a deleted subscription is not made, and the notification fails", async () => {
    const { world, deliver } = await worldWith();
    world.state.subscriptions.clear();
    expect(await deliver(first)).toEqual({ result: "skipped" });
    expect(world.sender.posted).toEqual([]);
    expect(await world.notifications.get(key)).toMatchObject({
      ...{ status: "delivery_failed", failure: "subscription-deleted", attemptCount: 0 },
    });
  });

  test.each([false, true])("is not made while no webhook can be sent (redelivered: %p)", async (redelivered) => {
    const { world } = await worldWith();
    const sender = { ...world.sender, prepare: async () => Promise.reject(new Error("no certificate")) };
    const delivering = deliverWebhook({ ...world, sender })(first, { route: "standard", redelivered });
    await expect(delivering).rejects.toThrow("no certificate");
    expect(world.sender.posted).toEqual([]);
    expect(await world.notifications.get(key)).toEqual(published);
    expect(await world.subscriptions.get(organizationId, subscriptionId)).toEqual(aSubscription());
  });

  test.each([false, true])(
    "is not made while its subscription is unreadable (redelivered: %p)",
    async (redelivered) => {
      const { world } = await worldWith();
      const get = () => Promise.reject(new Error("an unknown format"));
      const subscriptionCache = { ...world.subscriptionCache, get };
      const delivering = deliverWebhook({ ...world, subscriptionCache })(first, { route: "standard", redelivered });
      await expect(delivering).rejects.toThrow("an unknown format");
      expect(await world.notifications.get(key)).toEqual(published);
    },
  );

  test("that throws is a failed attempt, and is retried by the schedule", async () => {
    const { world } = await worldWith();
    const reported: unknown[] = [];
    const defect = new Error("a defect");
    const sender = { ...world.sender, send: async () => Promise.reject(defect) };
    const report = (_what: string, error: unknown) => void reported.push(error);
    expect(await deliverWebhook({ ...world, sender, report })(first)).toEqual({ result: "retry" });
    expect(await world.notifications.get(key)).toMatchObject({
      attemptCount: 1,
      attempts: [{ error: "internal-error" }],
    });
    expect(reported).toEqual([defect]);
    expect(await world.subscriptions.get(organizationId, subscriptionId)).toEqual(aSubscription());
  });
});
