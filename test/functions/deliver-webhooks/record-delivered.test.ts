import { expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification, replayed } from "../../../functions/core/notifications/notification.ts";
import { type DeliverResult, deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { recordDelivered } from "../../../functions/deliver-webhooks/record-delivered.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

type World = ReturnType<typeof fakeWorld>;

const { organizationId, sequence, subscriptionId } = aNotification();
const event = { eventId: "evt_1", eventName: "audit.closed", body: "{}" } as const;

const deliveryOf = (auditId: string): Delivery & { createdAt: number } => ({
  ...{ organizationId, auditId, sequence, subscriptionId, attemptCount: 0, createdAt: noon, ...event },
});

async function worldWith(...deliveries: (Delivery & { createdAt: number })[]) {
  const world = fakeWorld();
  await world.subscriptions.create(aSubscription());
  await world.notifications.putNew(deliveries.map((delivery) => newNotification(delivery, delivery.createdAt)));
  return world;
}

/** Makes an attempt, runs something during it, and records its success. */
async function deliver(world: World, { createdAt: _, ...delivery }: Delivery, during: () => Promise<unknown>) {
  const { send } = world.sender;
  world.sender.send = async (...given) => {
    await during();
    return send(...given);
  };
  const result = await deliverWebhook(world)(delivery);
  expect(result).toMatchObject({ result: "delivered" });
  return recordDelivered(world)([{ result }]);
}

test("a delivery is recorded on a row that is as it was read", async () => {
  const delivery = deliveryOf("a");
  const world = await worldWith(delivery);
  expect(await deliver(world, delivery, async () => undefined)).toEqual([]);
  expect(await world.notifications.get(delivery)).toMatchObject({ status: "delivered", attemptCount: 1 });
});

test("a replay during an attempt is not overwritten by its success", async () => {
  const delivery = deliveryOf("a");
  const world = await worldWith(delivery);
  const again = { ...replayed(newNotification(delivery, noon), noon), event: { id: "evt_1", body: "{}" } };
  const unrecorded = await deliver(world, delivery, () => world.notifications.putNew([again]));
  expect(unrecorded).toEqual([]);
  expect(await world.notifications.get(delivery)).toEqual(again);
});

test("a row that is erased during an attempt stays erased", async () => {
  const delivery = deliveryOf("a");
  const world = await worldWith(delivery);
  expect(await deliver(world, delivery, async () => world.state.notifications.clear())).toEqual([]);
  expect(await world.notifications.get(delivery)).toBeUndefined();
});

test("first attempts are recorded in one write", async () => {
  const deliveries = ["a", "b", "c"].map(deliveryOf);
  const world = await worldWith(...deliveries);
  let batches = 0;
  const notifications = {
    ...world.notifications,
    putDelivered: (rows: Parameters<typeof world.notifications.putDelivered>[0]) => {
      batches++;
      return world.notifications.putDelivered(rows);
    },
    put: async () => Promise.reject(new Error("one write is enough")),
  };
  const results = await Promise.all(deliveries.map((delivery) => deliverWebhook(world)(delivery)));
  const done = results.map((result) => ({ result }));
  expect(await recordDelivered({ ...world, notifications })(done)).toEqual([]);
  expect(batches).toBe(1);
  expect(await world.notifications.getAll(deliveries)).toMatchObject(deliveries.map(() => ({ status: "delivered" })));
});

test("those that cannot be recorded come again, and do not affect others", async () => {
  const [a, b, c] = [deliveryOf("a"), deliveryOf("b"), deliveryOf("c")];
  const world = await worldWith(a, b, c);
  const { createdAt: _, ...read } = a;
  const results: DeliverResult[] = [];
  for (const delivery of [read, { ...read, auditId: "b" }, c]) results.push(await deliverWebhook(world)(delivery));
  const { put } = world.notifications;
  const refused = new Error("the table does not answer");
  world.notifications.put = async (row, seen) => (row.auditId === "a" ? Promise.reject(refused) : put(row, seen));
  const reported: unknown[] = [];
  const report = (_what: string, error: unknown) => void reported.push(error);
  const done = results.map((result) => ({ result }));
  expect(await recordDelivered({ ...world, report })(done)).toEqual([done[0]]);
  expect(reported).toEqual([refused]);
  expect(await world.notifications.get(b)).toMatchObject({ status: "delivered" });
  expect(await world.notifications.get(c)).toMatchObject({ status: "delivered" });
});
