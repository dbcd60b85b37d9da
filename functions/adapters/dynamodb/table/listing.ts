import { QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Page } from "../../../core/shared/ports.ts";
import { allEnded } from "../../../core/shared/settle-all.ts";
import { readItems } from "./batches.ts";
import { filterExpression, type IndexCondition } from "./index-filter.ts";
import {
  type IndexRow,
  indexRow,
  type ListRange,
  type ListRow,
  type ListRows,
  mergedRows,
  rangeOf,
} from "./merged-partitions.ts";
import { fromItem, type Item, type RowKey, readableRows, type Table, toItem } from "./table.ts";

/** The partition and sort key attributes of each list index. */
const indexKeys = {
  byIssuer: { partition: "issuer", time: "listedAt" },
  bySettlement: { partition: "issuer", time: "settledAt" },
  byTransaction: { partition: "transaction", time: "listedAt" },
  byReference: { partition: "issuerReference", time: "listedAt" },
} as const;

type ListIndex = keyof typeof indexKeys;

/** A list: the index partitions with its rows in order of time, and how to read them. */
export interface DynamoList<Listed> {
  index: ListIndex;
  /** The partitions of the index. Several are for lists without conditions: each costs a query. */
  partitions: readonly string[];
  isAscending?: boolean;
  /** Conditions on projected attributes that are not keys of the index. */
  where: readonly IndexCondition[];
  /** Converts between a row's key and the id in page tokens. */
  idOf: (row: RowKey) => string;
  keyOf: (id: string) => RowKey;
  parse: (item: Item) => Listed;
  /** Whether an item still matches: the index may lag behind it. */
  isListed: (item: Listed) => boolean;
}

/**
 * A page ends after the batch of items with which it has so many bytes. An item has 400 KB at most, and most have 1 or
 * 2 KB: a page of the default size is one batch. The memory and read units of a request are so bounded.
 */
const enoughBytes = 2_000_000;
const itemsAtOnce = 50;

/** The maximum number of queries of a request: two short ones, and three of 1 MB. They read about 12,000 rows. */
const queriesPerRequest = 5;

/**
 * Reads a page of a list. DynamoDB filters the index rows, so only matching items are read in full. Several partitions
 * are read at once, and their rows are merged: first by time, then by the order of the partitions. A page of large
 * items is shorter than its size.
 */
export async function readPage<Listed>(
  table: Table,
  list: DynamoList<Listed>,
  range: ListRange,
  size: number,
): Promise<Page<Listed>> {
  const parts = await allEnded(
    list.partitions.map((_, partition) => readIndex(table, list, partition, rangeOf(list, range, partition), size)),
  );
  const { rows, end: lastRow } = mergedRows(parts, list, size);
  const { items, count } = await readRows(table, rows, list.parse);
  const end = count < rows.length ? rows[count - 1] : lastRow;
  const partition = list.partitions.length > 1 ? { partition: end?.partition } : {};
  return { items: items.filter(list.isListed), next: end && { at: end.at, id: list.idOf(end), ...partition } };
}

/**
 * Reads the index rows of a partition. The queries of a filtered list grow up to DynamoDB's 1 MB: rare matches are
 * found soon, frequent ones cost little.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 *
 * @returns up to `size` rows
 */
async function readIndex<Listed>(
  table: Table,
  list: DynamoList<Listed>,
  place: number,
  { since = 0, before = Number.MAX_SAFE_INTEGER, from }: ListRange,
  size: number,
): Promise<ListRows> {
  const { isAscending = false } = list;
  const { partition, time } = indexKeys[list.index];
  const value = list.partitions[place];
  const newest = before - 1;
  const isPast = from !== undefined && (isAscending ? from.at > newest : from.at < since);
  const isAhead = from !== undefined && (isAscending ? from.at < since : from.at > newest);
  // DynamoDB refuses a BETWEEN with swapped ends, and a start key outside of it.
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
  if (newest < since || isPast) return { rows: [], end: undefined };
  const rows: IndexRow[] = [];
  const filter = filterExpression(list.where);
  let last: IndexRow | undefined = from === undefined || isAhead ? undefined : { ...list.keyOf(from.id), at: from.at };
  for (let query = 0; query < queriesPerRequest && rows.length <= size; query++) {
    const response = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        IndexName: list.index,
        KeyConditionExpression: "#partition = :partition AND #time BETWEEN :since AND :newest",
        FilterExpression: filter.expression,
        ExpressionAttributeNames: { "#partition": partition, "#time": time, ...filter.names },
        ExpressionAttributeValues: toItem({
          ...{ ":partition": value, ":since": since, ":newest": newest },
          ...filter.values,
        }),
        ScanIndexForward: isAscending,
        Limit: limitOf(size, query, filter.expression !== undefined),
        ExclusiveStartKey: last && toItem({ pk: last.pk, sk: last.sk, [time]: last.at, [partition]: value }),
      }),
    );
    rows.push(...(response.Items ?? []).map((item) => indexRowOf(item, time)));
    last = response.LastEvaluatedKey && indexRowOf(response.LastEvaluatedKey, time);
    if (last === undefined) break;
  }
  const shown = rows.slice(0, size);
  const end = rows.length > size ? shown.at(-1) : last;
  const placed = (row: IndexRow): ListRow => ({ ...row, partition: place });
  return { rows: shown.map(placed), end: end && placed(end) };
}

function indexRowOf(item: Item, time: string): IndexRow {
  const { [time]: at, ...row } = item;
  return fromItem(indexRow, at === undefined ? row : { ...row, at });
}

/** One row more than the page shows tells whether another page follows. */
function limitOf(size: number, query: number, isNarrowed: boolean): number | undefined {
  if (!isNarrowed) return size + 1;
  return [size + 1, 10 * size][query];
}

/**
 * Reads the items of rows, in the same order. Missing items are left out; unreadable ones, too, if the table reports
 * them.
 *
 * @returns `count`: how many rows were read before the bound was reached
 */
async function readRows<Listed>(table: Table, rows: readonly RowKey[], parse: (item: Item) => Listed) {
  const items: Listed[] = [];
  let count = 0;
  for (let bytes = 0; count < rows.length && bytes < enoughBytes; ) {
    const batch = rows.slice(count, count + itemsAtOnce);
    const found = new Map((await readItems(table, batch)).map((item) => [nameOf(item.pk?.S, item.sk?.S), item]));
    bytes += Buffer.byteLength(JSON.stringify([...found.values()]));
    const inOrder = batch.flatMap<Item>(({ pk, sk }) => found.get(nameOf(pk, sk)) ?? []);
    items.push(...readableRows(table, inOrder, parse));
    count += batch.length;
  }
  return { items, count };
}

function nameOf(pk: string | undefined, sk: string | undefined): string {
  return JSON.stringify([pk, sk]);
}
