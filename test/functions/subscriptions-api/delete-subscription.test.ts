import { expect, test } from "@jest/globals";
import { deleteSubscription } from "../../../functions/subscriptions-api/delete-subscription.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

const { organizationId, subscriptionId } = aSubscription();
const key = { organizationId, subscriptionId };
const held = (auditId: string, changes = {}) =>
  aNotification({ auditId, status: "held", laneAt: noon, event: { id: "evt", body: "{}" }, ...changes });

test("what is held for a deleted subscription is given up, all of it, and nobody else's", async () => {
  const world = fakeWorld();
  await world.subscriptions.create(aSubscription({ enabled: false }));
  const own = Array.from({ length: 450 }, (_, n) => held(`audit-${n}`));
  const others = [held("a", { subscriptionId: "s-2" }), held("a", { organizationId: "other" })];
  const delivered = held("delivered", { status: "delivered", laneAt: undefined });
  for (const row of [...own, ...others, delivered]) await world.notifications.put(row, undefined);

  expect(await deleteSubscription(world)(key)).toBe("done");
  expect(await world.subscriptions.get(organizationId, subscriptionId)).toBeUndefined();
  const given = await world.notifications.getAll(own);
  expect(given.filter(({ status, laneAt }) => status === "delivery_failed" && laneAt === undefined)).toHaveLength(450);
  expect(await world.notifications.getAll([...others, delivered])).toEqual([...others, delivered]);
});

test("what a call that was cut off has left is given up by the next", async () => {
  const world = fakeWorld();
  await world.subscriptions.create(aSubscription({ enabled: false }));
  await world.notifications.put(held("a"), undefined);
  const cutOff = { ...world, heldNotifications: { list: () => Promise.reject(new Error("cut off")) } };
  await expect(deleteSubscription(cutOff)(key)).rejects.toThrow("cut off");
  expect(await deleteSubscription(world)(key)).toBe("missing");
  expect(await world.notifications.get(held("a"))).toMatchObject({ status: "delivery_failed" });
});

test("what an index that lags behind goes on listing hides nothing", async () => {
  const world = fakeWorld();
  const all = Array.from({ length: 450 }, (_, n) => held(`audit-${1_000 + n}`));
  for (const row of all) await world.notifications.put(row, undefined);
  const { list } = world.heldNotifications;
  const pages = [await list(key, 200)];
  // Each page is listed a second time, as it was.
  world.heldNotifications.list = async (...given) => {
    pages.push(await list(...given));
    return pages.shift() ?? [];
  };
  await deleteSubscription(world)(key);
  const left = (await world.notifications.getAll(all)).filter(({ status }) => status === "held");
  expect(left).toEqual([]);
});

test("an index that lags behind ends it all the same", async () => {
  const world = fakeWorld();
  await world.notifications.put(held("a", { status: "delivery_failed" }), undefined);
  world.heldNotifications.list = async () => [held("a")];
  expect(await deleteSubscription(world)(key)).toBe("missing");
});
