import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import type { LanePage } from "../../../core/shared/ports.ts";
import { conditionally, fromItem, type Item, queryAll, type RowKey, type Table, toItem } from "./table.ts";

/** The condition of a write, with the values of its expressions. */
export interface Guard {
  condition: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
}

/** The outcome of a conditional write; `stale` if the condition failed. */
type Written = Promise<"done" | "stale">;

/** Reads a row with strong consistency. */
export async function getRow({ client, tableName }: Table, key: RowKey): Promise<Item | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: toItem(key), ConsistentRead: true });
  return (await client.send(get)).Item;
}

/** Reads all rows of a partition whose sort key begins with a prefix, with strong consistency. */
export function rowsOf(table: Table, pk: string, prefix: string): Promise<Item[]> {
  return queryAll(table, {
    KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
    ExpressionAttributeValues: toItem({ ":pk": pk, ":prefix": prefix }),
    ConsistentRead: true,
  });
}

/** The condition that the stored row has the revision before, or does not exist before the first. */
export function followsRevision(revision: number): Guard {
  if (revision === 1) return { condition: "attribute_not_exists(pk)" };
  return { condition: "revision = :former", values: { ":former": revision - 1 } };
}

/** Writes a whole row. */
export function putRow({ client, tableName }: Table, row: object, guard: Guard): Written {
  return conditionally(
    client.send(new PutItemCommand({ TableName: tableName, Item: toItem(row), ...expressionsOf(guard) })),
  );
}

/** Updates a row by an update expression. */
export function updateRow(
  { client, tableName }: Table,
  key: RowKey,
  update: string,
  { timeoutMs, ...guard }: Guard & { timeoutMs?: number },
): Written {
  const target = { TableName: tableName, Key: toItem(key), UpdateExpression: update };
  const abort = timeoutMs === undefined ? {} : { abortSignal: AbortSignal.timeout(timeoutMs) };
  return conditionally(client.send(new UpdateItemCommand({ ...target, ...expressionsOf(guard) }), abort));
}

export function deleteRow({ client, tableName }: Table, key: RowKey, guard: Guard): Written {
  return conditionally(
    client.send(new DeleteItemCommand({ TableName: tableName, Key: toItem(key), ...expressionsOf(guard) })),
  );
}

function expressionsOf({ condition, names, values }: Guard) {
  return {
    ConditionExpression: condition,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values && toItem(values),
  };
}

/** The indexes of waiting rows, and their time attributes. */
const timeOf = { lanes: ["lane", "laneAt"], outbox: ["outbox", "outboxAt"] } as const;

/**
 * Reads a page of an index's due rows, oldest first.
 *
 * @param after the key and time of the last row of the previous page
 */
export async function dueRows<Row>(
  { client, tableName }: Table,
  index: keyof typeof timeOf,
  partition: string,
  row: z.ZodType<Row>,
  { until, limit, after }: { until: number; limit: number; after: (RowKey & { at: number }) | undefined },
): Promise<LanePage<Row>> {
  const [name, time] = timeOf[index];
  const { Items: items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: index,
      KeyConditionExpression: `${name} = :partition AND ${time} <= :until`,
      ExpressionAttributeValues: toItem({ ":partition": partition, ":until": until }),
      Limit: limit,
      ExclusiveStartKey: after && toItem({ pk: after.pk, sk: after.sk, [name]: partition, [time]: after.at }),
    }),
  );
  return { rows: items.map((item) => fromItem(row, item)), next: last && fromItem(row, last) };
}
