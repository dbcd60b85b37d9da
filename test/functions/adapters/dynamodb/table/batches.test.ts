import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "@jest/globals";
import { dynamoNotifications } from "../../../../../functions/adapters/dynamodb/notifications.ts";
import { readItems, writeItems } from "../../../../../functions/adapters/dynamodb/table/batches.ts";
import { type RowKey, type Table, toItem } from "../../../../../functions/adapters/dynamodb/table/table.ts";
import { aNotification } from "../../../../support/sample-audits.ts";

type Batch = BatchGetItemCommandInput | BatchWriteItemCommandInput;

/** A table that processes the first items of each request, by these numbers in order. */
function throttlingTable(processed: (request: number) => number) {
  const requests: Batch[] = [];
  const waits: number[] = [];
  const written: unknown[] = [];
  const client = {
    async send(command: BatchGetItemCommand | BatchWriteItemCommand) {
      requests.push(command.input);
      const taken = processed(requests.length);
      if (command instanceof BatchGetItemCommand) {
        const request = command.input.RequestItems?.table;
        const keys = request?.Keys ?? [];
        const left = keys.slice(taken);
        return {
          Responses: { table: keys.slice(0, taken) },
          ...(left.length > 0 && { UnprocessedKeys: { table: { ...request, Keys: left } } }),
        };
      }
      const writes = command.input.RequestItems?.table ?? [];
      written.push(...writes.slice(0, taken).map(({ PutRequest: put }) => put?.Item));
      const left = writes.slice(taken);
      return left.length > 0 ? { UnprocessedItems: { table: left } } : {};
    },
  };
  const table: Table = {
    ...{ client: client as unknown as DynamoDBClient, tableName: "table" },
    sleep: async (ms) => void waits.push(ms),
    random: () => 1,
  };
  return { table, requests, waits, written };
}

const keysOf = (count: number) => Array.from({ length: count }, (_, n) => ({ pk: `row-${n}`, sk: "1" }));
const never = () => 0;

describe("reading rows", () => {
  test("uses a hundred per request, without a wait", async () => {
    const { table, requests, waits } = throttlingTable(() => 100);
    const keys = keysOf(250);
    expect(await readItems(table, keys)).toEqual(keys.map(toItem));
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([]);
  });

  test("reads a row once whose key is given twice", async () => {
    const { table, requests } = throttlingTable(() => 100);
    const [key, other] = keysOf(2) as [RowKey, RowKey];
    expect(await readItems(table, [key, other, { ...key }])).toEqual([key, other].map(toItem));
    expect(requests).toHaveLength(1);
  });

  test("retries unprocessed ones, with the same consistency, after waits that double up to a second", async () => {
    const { table, requests, waits } = throttlingTable(() => 1);
    const keys = keysOf(8);
    expect(await readItems(table, keys, { consistently: true })).toEqual(keys.map(toItem));
    const items = requests.map((request) => (request as BatchGetItemCommandInput).RequestItems?.table);
    expect(items.map((item) => item?.ConsistentRead)).toEqual(Array.from({ length: 8 }, () => true));
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
  });

  test("tries eight times, then fails", async () => {
    const { table, requests } = throttlingTable(never);
    await expect(readItems(table, keysOf(3))).rejects.toThrow("did not read 3 of 3 items");
    expect(requests).toHaveLength(8);
  });
});

describe("writing rows", () => {
  test("uses 25 per request", async () => {
    const { table, requests, written } = throttlingTable(() => 25);
    const items = keysOf(60).map(toItem);
    expect(await writeItems(table, items)).toEqual([]);
    expect(written).toEqual(items);
    expect(requests).toHaveLength(3);
  });

  test("retries unprocessed ones", async () => {
    const { table, written } = throttlingTable((request) => (request < 3 ? 4 : 25));
    const items = keysOf(10).map(toItem);
    expect(await writeItems(table, items)).toEqual([]);
    expect(written).toEqual(items);
  });

  test("tries eight times, then returns the rest", async () => {
    const { table, requests, waits } = throttlingTable((request) => (request === 1 ? 7 : 0));
    const items = keysOf(10).map(toItem);
    expect(await writeItems(table, items)).toEqual(items.slice(7));
    expect(requests).toHaveLength(8);
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(5_000);
  });

  test("so do deliveries, by notification", async () => {
    const { table } = throttlingTable((request) => (request === 1 ? 2 : 0));
    const rows = [1, 2, 3].map((sequence) => aNotification({ sequence, status: "delivered" }));
    expect(await dynamoNotifications(table).putDelivered(rows)).toEqual(rows.slice(2));
  });
});
