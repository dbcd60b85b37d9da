import type { BatchGetItemCommandInput } from "@aws-sdk/client-dynamodb";
import { beforeAll, beforeEach, expect, test } from "@jest/globals";
import { dynamoAuditListing } from "../../../../../functions/adapters/dynamodb/audit-listing.ts";
import { dynamoAudits } from "../../../../../functions/adapters/dynamodb/audits.ts";
import type { AuditFilter } from "../../../../../functions/core/audits/audit-filter.ts";
import type { PagePosition } from "../../../../../functions/core/shared/ports.ts";
import { newTable } from "../../../../support/dynamodb/dynamo-stores.ts";
import { clientOf, memoryDynamoDb } from "../../../../support/dynamodb/memory-dynamodb.ts";
import { noon } from "../../../../support/fake-clock.ts";
import { aRequest, openAudit } from "../../../../support/sample-audits.ts";

const memory = memoryDynamoDb();
const { tableName } = await newTable(memory);
const asked: { name: string; input: object }[] = [];
const listing = dynamoAuditListing({
  tableName,
  client: clientOf(async (command) => {
    asked.push({ name: command.constructor.name, input: command.input });
    return (await memory.send(command as Parameters<typeof memory.send>[0])) as object;
  }),
});

/** The oldest audit of an issuer differs from all others. */
beforeAll(async () => {
  const audits = dynamoAudits({ tableName, client: memory });
  const rare = openAudit({
    auditId: "rare",
    createdAt: noon,
    status: "SUBMITTING",
    lane: "SUBMIT",
    userId: "rare",
    dueAt: noon - 1,
  });
  await audits.create(rare);
  for (let n = 1; n <= 10_000; n++) await audits.create(openAudit({ auditId: `a${n}`, createdAt: noon + n }));
});
beforeEach(() => {
  asked.length = 0;
});

async function readAll(filter: AuditFilter): Promise<string[][]> {
  const pages: string[][] = [];
  let from: PagePosition | undefined;
  do {
    const page = await listing.list("org", filter, 50, from);
    pages.push(page.items.map(({ auditId }) => auditId));
    from = page.next;
  } while (from !== undefined);
  return pages;
}

function countReadWhole(): number {
  const requests = asked.flatMap(({ input }) =>
    Object.values((input as Partial<BatchGetItemCommandInput>).RequestItems ?? {}),
  );
  return requests.flatMap(({ Keys: keys = [] }) => keys).length;
}

test.each<[string, AuditFilter]>([
  ["status", { statuses: ["SUBMITTING"] }],
  ["user", { userIds: ["rare"] }],
  ["due date", { dueBefore: noon }],
])("the one of its %s among 10,001 is found in a few requests, without reading others in full", async (_, filter) => {
  const pages = await readAll(filter);
  expect(pages.flat()).toEqual(["rare"]);
  expect(pages.length).toBeLessThanOrEqual(2);
  expect(asked.length).toBeLessThanOrEqual(8);
  expect(countReadWhole()).toBe(1);
});

test("several transactions cost one small query each, and only what is shown is read in full", async () => {
  const audits = dynamoAudits({ tableName, client: memory });
  for (let n = 0; n < 90; n++) {
    const request = { ...aRequest, transactionId: `merged-${n % 3}` };
    await audits.create(openAudit({ organizationId: "merged", auditId: `m${n}`, request, createdAt: noon + n }));
  }
  const filter = { transactionIds: ["merged-0", "merged-1", "merged-2"] };
  const { items, next } = await listing.list("merged", filter, 20);
  expect(items.map(({ auditId }) => auditId)).toEqual(Array.from({ length: 20 }, (_, n) => `m${89 - n}`));
  expect(next).toMatchObject({ id: "m70", partition: 1 });
  expect(asked.map(({ input }) => (input as { Limit?: number }).Limit)).toEqual([21, 21, 21, undefined]);
  expect(countReadWhole()).toBe(20);
});

test("several Kard ids cost two reads", async () => {
  expect((await listing.list("org", { kardAuditIds: ["k1", "k2", "k3"] }, 20)).items).toEqual([]);
  expect(asked).toHaveLength(1);
});

test("a page of frequent matches costs two calls and reads only what it shows", async () => {
  expect(await readAll({ statuses: ["NEW"], before: noon + 40 })).toEqual([expect.arrayContaining(["a1", "a39"])]);
  expect(asked.map(({ name }) => name)).toEqual(["QueryCommand", "BatchGetItemCommand"]);
  expect(countReadWhole()).toBe(39);
  expect(asked[0]?.input).toMatchObject({ Limit: 51 });
});
