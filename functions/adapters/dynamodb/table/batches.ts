import { setTimeout as realSleep } from "node:timers/promises";
import { BatchGetItemCommand, BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { type Item, type Table, toItem } from "./table.ts";

/**
 * The maximum number of items that DynamoDB accepts in one request.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
const itemsPerRead = 100;
const writesPerRequest = 25;

const firstWaitMs = 50;
const maxWaitMs = 1_000;
/** How many incomplete requests are made before giving up: about two seconds of waiting, four at most. */
const maxPartialRequests = 8;

/**
 * Sends items in batches. DynamoDB may answer 200 although it has throttled a part of a batch. AWS recommends
 * exponential backoff before that part is sent again
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 *
 * @param send sends a batch and returns its unprocessed items
 * @returns the items that were still unprocessed in the end
 */
async function sendAll<Value>(
  { sleep = realSleep, random = Math.random }: Table,
  all: readonly Value[],
  perRequest: number,
  send: (batch: Value[]) => Promise<Value[]>,
): Promise<Value[]> {
  let left = [...all];
  let partialRequests = 0;
  while (left.length > 0) {
    const unprocessed = await send(left.slice(0, perRequest));
    left = [...unprocessed, ...left.slice(perRequest)];
    if (unprocessed.length === 0) continue;
    partialRequests++;
    if (partialRequests === maxPartialRequests) return left;
    await sleep(random() * Math.min(firstWaitMs * 2 ** (partialRequests - 1), maxWaitMs));
  }
  return left;
}

/**
 * Reads rows by their keys, in no order. Missing rows are left out. A repeated key counts once: DynamoDB refuses
 * duplicates (https://github.com/boto/boto3/issues/4131).
 *
 * @throws if DynamoDB keeps throttling
 */
export async function readItems(
  table: Table,
  keys: readonly { pk: string; sk: string }[],
  { consistently = false } = {},
): Promise<Item[]> {
  const { client, tableName } = table;
  const found: Item[] = [];
  const different = new Map(keys.map(({ pk, sk }) => [JSON.stringify([pk, sk]), { pk, sk }]));
  const wanted = [...different.values()].map(toItem);
  const unread = await sendAll(table, wanted, itemsPerRead, async (batch) => {
    const request = { Keys: batch, ConsistentRead: consistently };
    const response = await client.send(new BatchGetItemCommand({ RequestItems: { [tableName]: request } }));
    found.push(...(response.Responses?.[tableName] ?? []));
    return response.UnprocessedKeys?.[tableName]?.Keys ?? [];
  });
  if (unread.length > 0) throw new Error(`DynamoDB did not read ${unread.length} of ${keys.length} items: throttled`);
  return found;
}

/**
 * Writes rows with different keys, unconditionally.
 *
 * @returns the rows that were not written because DynamoDB keeps throttling
 */
export async function writeItems(table: Table, items: readonly Item[]): Promise<Item[]> {
  const { client, tableName } = table;
  const writes = items.map((item): WriteRequest => ({ PutRequest: { Item: item } }));
  const unwritten = await sendAll(table, writes, writesPerRequest, async (batch) => {
    const response = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: batch } }));
    return response.UnprocessedItems?.[tableName] ?? [];
  });
  return unwritten.flatMap(({ PutRequest: put }) => (put?.Item === undefined ? [] : [put.Item]));
}
