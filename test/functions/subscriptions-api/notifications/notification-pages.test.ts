import type { BatchGetItemCommandOutput } from "@aws-sdk/client-dynamodb";
import { beforeAll, expect, test } from "@jest/globals";
import {
  maxMetadataKeyLength,
  maxMetadataKeys,
  maxMetadataValueLength,
  problemOfMetadata,
} from "../../../../functions/core/audits/annotations.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { changeAudit, eventsInOrder } from "../../../../functions/core/audits/change-audit.ts";
import type { Notification } from "../../../../functions/core/notifications/notification.ts";
import { notificationResource } from "../../../../functions/subscriptions-api/notifications/notification-resource.ts";
import { newTable } from "../../../support/dynamodb/dynamo-stores.ts";
import { clientOf, memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../../support/dynamodb/stores-of-table.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aNotification, aRequest, openAudit } from "../../../support/sample-audits.ts";

/** Three bytes in the table, six in an event, and more in a response. */
const wide = "語";
const organizationId = wide.repeat(256);

const memory = memoryDynamoDb();
const { tableName } = await newTable(memory);
let bytesRead = 0;
const stores = storesOf({
  tableName,
  client: clientOf(async (command) => {
    const output = await memory.send(command as Parameters<typeof memory.send>[0]);
    const { Responses: tables = {} } = output as Partial<BatchGetItemCommandOutput>;
    for (const items of Object.values(tables)) bytesRead += Buffer.byteLength(JSON.stringify(items));
    return output as object;
  }),
});

function largestMetadata(): Record<string, string> {
  const keys = Array.from({ length: maxMetadataKeys }, (_, n) => `${n}`.padEnd(maxMetadataKeyLength, "k"));
  const metadata = Object.fromEntries(keys.map((key) => [key, "v".repeat(maxMetadataValueLength)]));
  expect(problemOfMetadata(metadata)).toBeUndefined();
  return metadata;
}

/** An audit with texts of the greatest length, closed with a description as long. */
function largestAudit(auditId: string): Audit {
  const texts = {
    transactionId: wide.repeat(256),
    merchantName: wide.repeat(256),
    auditDescription: wide.repeat(4_000),
  };
  const audit = openAudit({
    ...{ organizationId, auditId, userId: wide.repeat(256), reference: wide.repeat(100), metadata: largestMetadata() },
    request: { ...aRequest, ...texts, preferredContactEmail: wide.repeat(320), submitterName: wide.repeat(256) },
  });
  const resolution = { resolutionCode: 5004, resolutionDescription: wide.repeat(4_000), resolutionTimeStamp: null };
  return changeAudit(audit, "close", { resolution }, noon + 1) ?? audit;
}

function largestNotification(number: number): Notification {
  const audit = largestAudit(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
  const [
    {
      event: { id, body },
    } = { event: { id: "", body: "" } },
  ] = eventsInOrder(audit);
  const attempt = { at: noon, ms: 15_000, statusCode: 500, error: "connection-refused" };
  return aNotification({
    ...{ organizationId, auditId: audit.auditId, createdAt: noon + number, status: "held", laneAt: noon },
    ...{ attemptCount: 12, attempts: Array(10).fill(attempt), response: wide.repeat(4_096) },
    event: { id, body },
  });
}

const count = 200;
beforeAll(() => stores.notifications.putNew(Array.from({ length: count }, (_, n) => largestNotification(n))));

test("a page of the largest notifications is bounded, in what it reads and what it shows", async () => {
  const largest = Buffer.byteLength(JSON.stringify(largestNotification(1)));
  expect(largest).toBeGreaterThan(80_000);
  const ids: string[] = [];
  const pages: number[] = [];
  let from: Parameters<typeof stores.notificationListing.list>[3];
  do {
    bytesRead = 0;
    const { items, next } = await stores.notificationListing.list(organizationId, {}, 200, from);
    const body = JSON.stringify({ data: items.map(notificationResource) });
    expect(Buffer.byteLength(JSON.stringify({ body }))).toBeLessThan(500_000);
    expect(bytesRead).toBeLessThan(2_000_000 + 50 * 1.1 * largest);
    ids.push(...items.map(({ auditId }) => auditId));
    pages.push(items.length);
    from = next;
  } while (from !== undefined);
  expect(pages).toEqual([50, 50, 50, 50]);
  expect(new Set(ids).size).toBe(count);
});

test("a page of usual notifications has its full size", async () => {
  const of = { organizationId: "usual" };
  await stores.notifications.putNew(
    Array.from({ length: count }, (_, n) => aNotification({ ...of, auditId: `audit-${n}`, createdAt: noon + n })),
  );
  const { items, next } = await stores.notificationListing.list("usual", {}, count);
  expect(items).toHaveLength(count);
  expect(next).toBeUndefined();
});
