import { setTimeout as realSleep } from "node:timers/promises";
import { BatchGetItemCommand, BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { type Item, type Table, toItem } from "./table.ts";

/** DynamoDB takes at most so many items in one request. */
const itemsPerRead = 100;
const writesPerRequest = 25;

const firstWaitMs = 50;
const maxWaitMs = 1_000;
/** Requests that leave some of their items, before those are given up: some two seconds of waiting, four at most. */
const maxPartialRequests = 8;

/**
 * Sends items in batches. DynamoDB answers 200 to a batch of which it has throttled a part; AWS asks for exponential
 * backoff before that part is sent again
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 *
 * @param send sends a batch and gives what of it was not processed
 * @returns what could not be processed so
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
 * Reads rows by their keys, in no order; those that are not there are left out.
 *
 * @throws if DynamoDB goes on throttling
 */
export async function readItems(
  table: Table,
  keys: readonly { pk: string; sk: string }[],
  { consistently = false } = {},
): Promise<Item[]> {
  const { client, tableName } = table;
  const found: Item[] = [];
  const wanted = keys.map(({ pk, sk }) => toItem({ pk, sk }));
  const unread = await sendAll(table, wanted, itemsPerRead, async (batch) => {
    const request = { Keys: batch, ConsistentRead: consistently };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [tableName]: request } }));
    found.push(...(answer.Responses?.[tableName] ?? []));
    return answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  });
  if (unread.length > 0) throw new Error(`DynamoDB did not read ${unread.length} of ${keys.length} items: throttled`);
  return found;
}

/**
 * Writes rows of different keys, whatever was there before.
 *
 * @returns those that DynamoDB did not write, because it goes on throttling
 */
export async function writeItems(table: Table, items: readonly Item[]): Promise<Item[]> {
  const { client, tableName } = table;
  const writes = items.map((item): WriteRequest => ({ PutRequest: { Item: item } }));
  const unwritten = await sendAll(table, writes, writesPerRequest, async (batch) => {
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: batch } }));
    return answer.UnprocessedItems?.[tableName] ?? [];
  });
  return unwritten.flatMap(({ PutRequest: put }) => (put?.Item === undefined ? [] : [put.Item]));
}
