import { beforeAll, expect, test } from "@jest/globals";
import type { Notification } from "../../../../functions/core/notifications/notification.ts";
import type { PagePosition } from "../../../../functions/core/shared/ports.ts";
import { recoverNotifications } from "../../../../functions/subscriptions-api/notifications/recover-notifications.ts";
import { newTable } from "../../../support/dynamodb/dynamo-stores.ts";
import { clientOf, memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../../support/dynamodb/stores-of-table.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification } from "../../../support/sample-audits.ts";

const others = 30_000;
/** The newest, one in the middle, and the oldest. */
const places = [others + 1, others / 2, -1];

const memory = memoryDynamoDb();
const { tableName } = await newTable(memory);
let queries = 0;
const stores = storesOf({
  tableName,
  client: clientOf(async (command) => {
    if (command.constructor.name === "QueryCommand") queries++;
    return (await memory.send(command as Parameters<typeof memory.send>[0])) as object;
  }),
});
const world = { ...fakeWorld(), ...stores };

const failed = (place: number, changes: Partial<Notification> = {}) =>
  aNotification({
    ...{ auditId: `audit-${place}`, createdAt: noon + place, status: "delivery_failed" },
    ...{ subscriptionId: "theirs", event: { id: `evt_${place}`, body: "{}" }, ...changes },
  });

beforeAll(async () => {
  await stores.notifications.putNew(Array.from({ length: others }, (_, place) => failed(place)));
  await stores.notifications.putNew(places.map((place) => failed(place, { subscriptionId: "ours" })));
});

/** Calls `recover` until it has no next page. Returns the results. */
async function recoverAll(dryRun: boolean) {
  const of = { organizationId: "org", subscriptionId: "ours", since: noon - 1, dryRun };
  const calls: { count: number; queries: number; next: PagePosition | undefined }[] = [];
  let from: PagePosition | undefined;
  do {
    queries = 0;
    const { count, next } = await recoverNotifications(world)({ ...of, statuses: ["delivery_failed"], from });
    calls.push({ count, queries, next });
    from = next;
  } while (from !== undefined && calls.length < 20);
  return calls;
}

test.each([true, false])(
  "rare ones among very many are recovered by a bounded number of calls (dry run %s)",
  async (dryRun) => {
    const calls = await recoverAll(dryRun);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThan(10);
    expect(calls.at(-1)?.next).toBeUndefined();
    expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(places.length);
    expect(Math.max(...calls.map((call) => call.queries))).toBeLessThanOrEqual(5);
    // Each call starts after the previous one, whether or not that found something.
    const positions = calls.flatMap(({ next }) => (next === undefined ? [] : [next.at]));
    expect(positions).toEqual(positions.toSorted((a, b) => b - a));
    expect(new Set(positions).size).toBe(positions.length);
    const sent = dryRun ? [] : places.map((place) => `audit-${place}`);
    expect(world.deliveries.sent.map(({ auditId }) => auditId)).toEqual(sent);
  },
);
