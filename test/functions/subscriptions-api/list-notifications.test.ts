import { describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audit.ts";
import { changeAudit } from "../../../functions/core/change-audit.ts";
import { findNotification } from "../../../functions/core/find-notification.ts";
import type { Notification } from "../../../functions/core/notification.ts";
import { notificationId } from "../../../functions/core/notification-id.ts";
import type { NotificationFilter, PagePosition } from "../../../functions/core/ports.ts";
import { publishEvents } from "../../../functions/core/publish-events.ts";
import { replayNotification } from "../../../functions/core/replay-notification.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { listNotifications } from "../../../functions/subscriptions-api/list-notifications.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";

const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };

function closed(auditId: string, changes: Partial<Audit> = {}, at = noon): Audit {
  const audit = changeAudit(openAudit({ auditId, ...changes }), "close", { resolution }, at);
  if (audit === undefined) throw new Error("it cannot be closed");
  return audit;
}

async function worldWith(subscriptionIds: string[], ...audits: Audit[]) {
  const world = fakeWorld();
  for (const subscriptionId of subscriptionIds) await world.subscriptions.create(aSubscription({ subscriptionId }));
  for (const audit of audits) await world.audits.create(audit);
  const list = listNotifications(world);
  const named = ({ auditId, subscriptionId, status }: Notification) => `${auditId} ${subscriptionId} ${status}`;
  return {
    world,
    list,
    listed: async (filter: NotificationFilter = {}) => (await list("org", filter, 200)).items.map(named),
    /** All pages of a size. */
    async paged(size: number, filter: NotificationFilter = {}) {
      const items: Notification[] = [];
      let from: PagePosition | undefined;
      do {
        const page = await list("org", filter, size, from);
        expect(page.items.length).toBeLessThanOrEqual(size);
        items.push(...page.items);
        from = page.next;
      } while (from !== undefined);
      return items;
    },
  };
}

test("what is on its way to an endpoint is pending before anything has come of it, as one can read, too", async () => {
  const { world, list } = await worldWith(["s-1"], closed("a"));
  await publishEvents(world)(closed("a"));
  const owed = aNotification({ auditId: "a", subscriptionId: "s-1", attemptCount: 0, attempts: [] });
  expect(await list("org", { statuses: ["pending"] }, 10)).toEqual({ items: [owed], next: undefined });
  expect(await findNotification(world)(owed)).toEqual({ notification: owed, isRecorded: false });
});

test("what has a record is listed by it and once, after what has none", async () => {
  const { world, listed } = await worldWith(["s-1", "s-2"], closed("a"));
  await world.notifications.put(aNotification({ auditId: "old", status: "delivered", createdAt: noon - 1 }), undefined);
  await world.notifications.put(aNotification({ auditId: "a", subscriptionId: "s-1", status: "held" }), undefined);
  expect(await listed()).toEqual(["a s-2 pending", "a s-1 held", "old subscription-1 delivered"]);
  expect(await listed({ statuses: ["held"] })).toEqual(["a s-1 held"]);
});

test("nothing is on its way of what has left the outbox, is another issuer's, or is not owed", async () => {
  const settled = { ...closed("settled"), outboxAt: undefined };
  const told = { ...closed("told"), toldUpTo: 1 };
  const others = closed("others", { organizationId: "other" });
  const { world, listed } = await worldWith([], settled, told, others, closed("a"));
  await world.subscriptions.create(aSubscription({ filters: { auditCodes: [1] } }));
  await world.subscriptions.create(aSubscription({ subscriptionId: "later", createdAt: noon + 1 }));
  expect(await listed()).toEqual([]);
  expect(await findNotification(world)(aNotification({ auditId: "told" }))).toBeUndefined();
  expect(await findNotification(world)(aNotification({ auditId: "a", subscriptionId: "later" }))).toBeUndefined();
  expect(await findNotification(world)(aNotification({ auditId: "none" }))).toBeUndefined();
});

test("it is narrowed to a subscription, and to events between two times", async () => {
  const { listed } = await worldWith(["s-1", "s-2"], closed("a"), closed("b", {}, noon + 5));
  expect(await listed({ subscriptionId: "s-2" })).toEqual(["a s-2 pending", "b s-2 pending"]);
  expect(await listed({ since: noon + 1 })).toEqual(["b s-1 pending", "b s-2 pending"]);
  expect(await listed({ before: noon + 5 })).toEqual(["a s-1 pending", "a s-2 pending"]);
});

test("other states are asked for without a look at the outbox", async () => {
  const { world, listed } = await worldWith(["s-1"], closed("a"));
  world.outbox.ofIssuer = async () => {
    throw new Error("it is not needed");
  };
  expect(await listed({ statuses: ["delivered"] })).toEqual([]);
});

describe("its pages", () => {
  test.each([1, 2, 3, 5, 7, 50])("of %d bring each once, on its way or on record", async (size) => {
    const audits = ["a", "b", "c", "d"].map((auditId) => closed(auditId));
    const { world, paged } = await worldWith(["s-1", "s-2", "s-3"], ...audits);
    for (const auditId of ["a", "d", "old"]) {
      await world.notifications.put(aNotification({ auditId, subscriptionId: "s-2", status: "delivered" }), undefined);
    }
    const found = await paged(size);
    expect(found).toHaveLength(13);
    expect(new Set(found.map(notificationId)).size).toBe(13);
    expect(found.slice(10).every(({ status }) => status === "delivered")).toBe(true);
  });

  test("go on where one request has looked at enough audits, or at enough of what they owe", async () => {
    const many = Array.from({ length: 1_101 }, (_, n) => closed(`audit-${1_000 + n}`));
    const { world, list, paged } = await worldWith(["s-1"], ...many);
    for (const { auditId } of many.slice(0, 1_100)) {
      await world.notifications.put(aNotification({ auditId, subscriptionId: "s-1", status: "held" }), undefined);
    }
    expect(await list("org", { statuses: ["pending"] }, 10)).toEqual({ items: [], next: expect.anything() });
    expect((await paged(10, { statuses: ["pending"] })).map(({ auditId }) => auditId)).toEqual(["audit-2100"]);

    for (const n of [2, 3, 4]) await world.subscriptions.create(aSubscription({ subscriptionId: `s-${n}` }));
    expect(await paged(200, { statuses: ["pending"] })).toHaveLength(1_101 * 3 + 1);
  });
});

test("one that gets its record, and whose audit leaves the outbox, while it is looked for is found", async () => {
  const { world } = await worldWith(["s-1"], closed("a"));
  const record = aNotification({ auditId: "a", subscriptionId: "s-1", status: "delivered" });
  world.audits.get = async () => {
    await world.notifications.putDelivered([record]);
    return { ...closed("a"), outboxAt: undefined };
  };
  expect(await findNotification(world)(record)).toEqual({ notification: record, isRecorded: true });
});

test("what gets its record between two pages is not missed", async () => {
  const { world, list } = await worldWith(["s-1"], closed("a"), closed("b"), closed("c"));
  const first = await list("org", {}, 1);
  await world.notifications.putDelivered([aNotification({ auditId: "c", subscriptionId: "s-1", status: "delivered" })]);
  const rest = await list("org", {}, 10, first.next);
  expect(rest.items.map(({ auditId, status }) => `${auditId} ${status}`)).toEqual(["b pending", "c delivered"]);
});

test("what is on its way goes out again when it is asked for, is on record from then on, and is sent to its end", async () => {
  const { world, listed } = await worldWith(["s-1"], closed("a"));
  const key = { organizationId: "org", auditId: "a", sequence: 1, subscriptionId: "s-1" };
  expect(await replayNotification(world)(key)).toMatchObject({ status: "pending", attemptCount: 0 });
  expect(await world.notifications.get(key)).toMatchObject({ status: "pending", createdAt: noon });
  expect(await listed()).toEqual(["a s-1 pending"]);
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliverWebhook(world)(asked)).toMatchObject({ result: "delivered" });
});
