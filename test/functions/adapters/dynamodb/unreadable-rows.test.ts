import { beforeEach, expect, test } from "@jest/globals";
import type { AuditStatus } from "../../../../functions/core/audits/audit.ts";
import type { Notification } from "../../../../functions/core/notifications/notification.ts";
import { newTable } from "../../../support/dynamodb/dynamo-stores.ts";
import { memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../../support/dynamodb/stores-of-table.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aNotification, aSubscription, openAudit } from "../../../support/sample-audits.ts";

/** Stores that report unreadable rows, as those of the API, and stores that do not. */
let lists: ReturnType<typeof storesOf>;
let strict: ReturnType<typeof storesOf>;
let reported: unknown[];

beforeEach(async () => {
  const table = await newTable(memoryDynamoDb());
  reported = [];
  strict = storesOf(table);
  lists = storesOf({ ...table, reportUnreadable: (error) => void reported.push(error) });
});

test("a list of audits leaves out and reports one with a status of a newer version", async () => {
  for (const n of [1, 2, 3])
    await strict.audits.create(
      openAudit({
        ...{ auditId: `audit-${n}`, createdAt: noon + n, kardAuditId: `kard-${n}` },
        ...(n === 2 && { status: "APPEALED" as AuditStatus }),
      }),
    );
  const first = await lists.listing.list("org", {}, 2);
  expect(first.items.map(({ auditId }) => auditId)).toEqual(["audit-3"]);
  const second = await lists.listing.list("org", {}, 2, first.next);
  expect(second.items.map(({ auditId }) => auditId)).toEqual(["audit-1"]);
  expect(reported).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/AUDIT#org#audit-2 .*status/s) }),
  ]);
  await expect(strict.listing.list("org", {}, 2)).rejects.toThrow("status");
});

test("a list of notifications does so, too", async () => {
  await strict.notifications.put(aNotification(), undefined);
  const paused = aNotification({ sequence: 2, status: "paused" as Notification["status"] });
  await strict.notifications.put(paused, undefined);
  const { items } = await lists.notificationListing.list("org", {}, 10);
  expect(items).toEqual([aNotification()]);
  expect(await lists.notifications.getAll([aNotification(), paused])).toEqual([aNotification()]);
  expect(reported).toHaveLength(2);
  await expect(strict.notificationListing.list("org", {}, 10)).rejects.toThrow("status");
});

test("so does a list of subscriptions; publishing still gets the one that is left out", async () => {
  const readable = aSubscription();
  const newer = aSubscription({ subscriptionId: "subscription-2", format: "cloudevents" as "kard" });
  for (const each of [readable, newer]) await strict.subscriptions.create(each);
  expect(await lists.subscriptions.listInFull("org")).toEqual([readable]);
  expect(reported).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/SUBSCRIPTION#subscription-2 .*format/s) }),
  ]);
  await expect(strict.subscriptions.listInFull("org")).rejects.toThrow("format");
  for (const stores of [lists, strict]) {
    expect((await stores.subscriptions.list("org")).map(({ subscriptionId }) => subscriptionId)).toEqual([
      ...[readable.subscriptionId, newer.subscriptionId],
    ]);
    await expect(stores.subscriptions.get("org", "subscription-2")).rejects.toThrow("format");
  }
});
