import { expect, test } from "@jest/globals";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import { sendDueDeliveries } from "../../../functions/sweep-outbox/send-due-deliveries.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";

const forEver = Number.POSITIVE_INFINITY;
const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
const graceMs = 15 * 60_000;

async function worldWith(...notifications: Notification[]) {
  const world = fakeWorld();
  await world.audits.create(started);
  await world.issuers.add("org");
  for (const notification of notifications) await world.notifications.put(notification, undefined);
  return world;
}

test("the delay counts from the first message, as long as none brings an outcome", async () => {
  const world = await worldWith(aNotification({ laneAt: noon - 3, attemptCount: 4 }));
  await sendDueDeliveries(world)(forEver);
  world.time.advance(graceMs);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 1, lagMs: 3 + graceMs });
  world.time.advance(graceMs);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 1, lagMs: 3 + 2 * graceMs });
  const [sent] = await world.notifications.getAll([aNotification()]);
  if (sent === undefined) throw new Error("it is gone");
  const next = world.clock() + 5;
  await world.notifications.put({ ...sent, attemptCount: 5, nextAttemptAt: next, laneAt: next }, sent);
  world.time.advance(6);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 1, lagMs: 1 });
});

test("a due retry is sent with the event's exact bytes and its attempt count", async () => {
  const world = await worldWith(aNotification({ laneAt: noon - 3, attemptCount: 4 }));
  expect(await sendDueDeliveries(world)(forEver)).toEqual({ sent: 1, lagMs: 3, failures: [] });
  const { organizationId, auditId, sequence, subscriptionId } = aNotification();
  expect(world.deliveries.sent).toEqual([
    {
      ...{ organizationId, auditId, sequence, subscriptionId },
      attemptCount: 4,
      eventId: started.events.e1?.id,
      eventName: "audit.closed",
      body: started.events.e1?.body,
      delaySeconds: 0,
    },
  ]);
});

test("a retry is not sent early", async () => {
  const world = await worldWith(aNotification({ laneAt: noon + 1 }));
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 0 });
});

test("a retry without a result is sent again after a while, and not before", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  await sendDueDeliveries(world)(forEver);
  world.time.advance(graceMs - 1);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 0 });
  world.time.advance(1);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 1 });
});

test("a notification that was delivered since the index was read is not sent", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  const { due } = world.deliveryLane;
  world.deliveryLane.due = async (...given) => {
    const rows = await due(...given);
    await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
    return rows;
  };
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 0 });
});

test("a notification whose audit is gone fails and is not sent", async () => {
  const orphan = aNotification({ auditId: "gone", laneAt: noon });
  const world = await worldWith(orphan);
  expect(await sendDueDeliveries(world)(forEver)).toEqual({ sent: 0, lagMs: 0, failures: [] });
  const { laneAt: _, ...failed } = orphan;
  expect(await world.notifications.get(orphan)).toEqual({
    ...{ ...failed, status: "delivery_failed", failure: "audit-erased" },
  });
});

test("a sent notification stores its event, because it may outlive its audit", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  await sendDueDeliveries(world)(forEver);
  const { id, body } = started.events.e1 ?? {};
  expect(await world.notifications.get(aNotification())).toMatchObject({ event: { id, body } });
  world.state.audits.clear();
  world.time.advance(graceMs);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 1 });
});

test("they are sent ten per call", async () => {
  const all = Array.from({ length: 25 }, (_, n) => aNotification({ subscriptionId: `s-${n}`, laneAt: noon }));
  const world = await worldWith(...all);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 25 });
  expect(world.deliveries.calls).toBe(3);
});

test("one that cannot be sent does not delay the others", async () => {
  const all = Array.from({ length: 15 }, (_, n) => aNotification({ subscriptionId: `s-${n}`, laneAt: noon - 20 + n }));
  const world = await worldWith(...all);
  const { send } = world.deliveries;
  world.deliveries.send = async (deliveries) => {
    if (deliveries.some(({ subscriptionId }) => subscriptionId === "s-0")) throw new Error("poison");
    return send(deliveries);
  };
  const { sent, failures } = await sendDueDeliveries(world)(forEver);
  expect(sent).toBe(14);
  expect(failures).toHaveLength(1);
  expect(new Set(world.deliveries.sent.map(({ subscriptionId }) => subscriptionId)).size).toBe(14);
});

test("one that SQS refuses permanently fails and is not sent again", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  world.deliveries.refuses = "evt_";
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ failures: [] });
  expect(await world.notifications.get(aNotification())).toMatchObject({
    status: "delivery_failed",
    failure: "queue-refused",
  });
  world.time.advance(graceMs);
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 0 });
});

test("one that was given up and not announced is announced, and not sent", async () => {
  const world = await worldWith(aNotification({ status: "delivery_failed", laneAt: noon }));
  await world.subscriptions.create(aSubscription({ subscriptionId: "watcher", eventNames: ["notification.failed"] }));
  expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 0, failures: [] });
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "watcher", eventName: "notification.failed" }]);
  expect(await world.notifications.get(aNotification())).not.toHaveProperty("laneAt");
});

test("while nothing can be sent for an hour, the lag grows to an hour", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  world.deliveries.send = async () => {
    throw new Error("SQS cannot be reached");
  };
  for (let minute = 0; minute < 60; minute++) {
    expect(await sendDueDeliveries(world)(forEver)).toMatchObject({ sent: 0, lagMs: minute * 60_000 });
    world.time.advance(60_000);
  }
});

test("after its time is up nothing new starts", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  expect(await sendDueDeliveries(world)(noon)).toMatchObject({ sent: 0 });
});
