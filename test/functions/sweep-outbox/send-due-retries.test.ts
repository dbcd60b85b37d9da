import { expect, test } from "@jest/globals";
import { changeAudit } from "../../../functions/core/change-audit.ts";
import type { Notification } from "../../../functions/core/notification.ts";
import { sendDueRetries } from "../../../functions/sweep-outbox/send-due-retries.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, openAudit } from "../../support/sample-audits.ts";

const forEver = Number.POSITIVE_INFINITY;
const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
const graceMs = 15 * 60_000;

async function worldWith(...notifications: Notification[]) {
  const world = fakeWorld();
  await world.audits.create(started);
  for (const notification of notifications) await world.notifications.put(notification, undefined);
  return world;
}

test("a retry whose time has come is sent with the event's exact bytes and its attempt count", async () => {
  const world = await worldWith(aNotification({ laneAt: noon - 3, attemptCount: 4 }));
  expect(await sendDueRetries(world)(forEver)).toEqual({ sent: 1, lagMs: 3, failures: [] });
  const { organizationId, auditId, sequence, subscriptionId } = aNotification();
  expect(world.deliveries.sent).toEqual([
    {
      ...{ organizationId, auditId, sequence, subscriptionId },
      attemptCount: 4,
      recorded: true,
      eventId: started.events.e1?.id,
      eventName: "audit.closed",
      body: started.events.e1?.body,
      delaySeconds: 0,
    },
  ]);
});

test("a retry is not sent early", async () => {
  const world = await worldWith(aNotification({ laneAt: noon + 1 }));
  expect(await sendDueRetries(world)(forEver)).toMatchObject({ sent: 0 });
});

test("a retry that leaves no record is sent again after a while, and not before", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  await sendDueRetries(world)(forEver);
  world.time.advance(graceMs - 1);
  expect(await sendDueRetries(world)(forEver)).toMatchObject({ sent: 0 });
  world.time.advance(1);
  expect(await sendDueRetries(world)(forEver)).toMatchObject({ sent: 1 });
});

test("of two sweepers one sends a retry", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  await Promise.all([sendDueRetries(world)(forEver), sendDueRetries(world)(forEver)]);
  expect(world.deliveries.sent).toHaveLength(1);
});

test("a notification that was delivered since the index was read is not sent", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  const { due } = world.deliveryLane;
  world.deliveryLane.due = async (...given) => {
    const rows = await due(...given);
    await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
    return rows;
  };
  expect(await sendDueRetries(world)(forEver)).toMatchObject({ sent: 0 });
});

test("a notification whose audit is gone is not sent, and given up", async () => {
  const orphan = aNotification({ auditId: "gone", laneAt: noon });
  const world = await worldWith(orphan);
  expect(await sendDueRetries(world)(forEver)).toEqual({ sent: 0, lagMs: 0, failures: [] });
  const { laneAt: _, ...givenUp } = orphan;
  expect(await world.notifications.get(orphan)).toEqual({ ...givenUp, status: "delivery_failed" });
});

test("a retry that the queue does not take keeps none of the others waiting", async () => {
  const all = Array.from({ length: 15 }, (_, n) => aNotification({ subscriptionId: `s-${n}`, laneAt: noon - 20 + n }));
  const world = await worldWith(...all);
  const { send } = world.deliveries;
  world.deliveries.send = async (deliveries) => {
    if (deliveries.some(({ subscriptionId }) => subscriptionId === "s-0")) throw new Error("poison");
    return send(deliveries);
  };
  const { sent, failures } = await sendDueRetries(world)(forEver);
  expect(sent).toBe(14);
  expect(failures).toHaveLength(1);
});

test("when its time is up nothing new is begun", async () => {
  const world = await worldWith(aNotification({ laneAt: noon }));
  expect(await sendDueRetries(world)(noon)).toMatchObject({ sent: 0 });
});
