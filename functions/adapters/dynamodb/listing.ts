import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { Page, PagePosition } from "../../core/shared/ports.ts";
import { readItems } from "./batches.ts";
import { fromItem, type Item, type RowKey, type Table, toItem } from "./table.ts";

const indexRow = z.object({ pk: z.string(), sk: z.string(), listedAt: z.number() });
type IndexRow = z.infer<typeof indexRow>;

/** A list: the index partition with its rows in order of time, and how to read them. */
export interface DynamoList<Listed> {
  index: "byIssuer" | "byTransaction";
  /** The partition attribute of the index, and its value for this list. */
  partition: readonly [name: "issuer" | "transaction", value: string];
  /** Filters on projected attributes: a row must have any of the values. */
  where: Readonly<Record<string, readonly string[] | undefined>>;
  /** Converts between a row's key and the id in page tokens. */
  idOf: (row: RowKey) => string;
  keyOf: (id: string) => RowKey;
  parse: (item: Item) => Listed;
  /** Whether an item still matches: the index may lag behind it. */
  isListed: (item: Listed) => boolean;
}

/** The part of a list to read, in epoch milliseconds; `before` is exclusive. */
export interface ListRange {
  since?: number | undefined;
  before?: number | undefined;
  from?: PagePosition | undefined;
}

/** The most that one request reads: 5 MB of an index, about 20,000 rows. */
const queriesPerRequest = 5;

/**
 * Reads a page of a list, newest first. DynamoDB filters the index rows, so only matching items are read in full. The
 * queries of a filtered list grow up to DynamoDB's 1 MB: rare matches are found soon, frequent ones cost little.
 */
export async function readPage<Listed>(
  table: Table,
  list: DynamoList<Listed>,
  { since = 0, before = Number.MAX_SAFE_INTEGER, from }: ListRange,
  size: number,
): Promise<Page<Listed>> {
  const newest = before - 1;
  // DynamoDB refuses a BETWEEN with swapped ends, and a start key outside of it.
  if (newest < since || (from !== undefined && from.at < since)) return { items: [], next: undefined };
  const rows: IndexRow[] = [];
  const filter = filterOf(list.where);
  let last = from === undefined || from.at > newest ? undefined : { ...list.keyOf(from.id), listedAt: from.at };
  for (let query = 0; query < queriesPerRequest && rows.length <= size; query++) {
    const answer = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        IndexName: list.index,
        KeyConditionExpression: "#partition = :partition AND listedAt BETWEEN :since AND :newest",
        FilterExpression: filter.expression,
        ExpressionAttributeNames: { "#partition": list.partition[0], ...filter.names },
        ExpressionAttributeValues: toItem({
          ...{ ":partition": list.partition[1], ":since": since, ":newest": newest },
          ...filter.values,
        }),
        ScanIndexForward: false,
        Limit: limitOf(size, query, filter.expression !== undefined),
        ExclusiveStartKey: last && toItem({ ...last, [list.partition[0]]: list.partition[1] }),
      }),
    );
    rows.push(...(answer.Items ?? []).map((item) => fromItem(indexRow, item)));
    last = answer.LastEvaluatedKey && fromItem(indexRow, answer.LastEvaluatedKey);
    if (last === undefined) break;
  }
  const shown = rows.slice(0, size);
  const end = rows.length > size ? shown.at(-1) : last;
  const items = (await readRows(table, shown, list.parse)).filter(list.isListed);
  return { items, next: end && { at: end.listedAt, id: list.idOf(end) } };
}

/** One row more than the page shows tells whether another page follows. */
function limitOf(size: number, query: number, isNarrowed: boolean): number | undefined {
  if (!isNarrowed) return size + 1;
  return [size + 1, 10 * size][query];
}

function filterOf(where: DynamoList<unknown>["where"]) {
  const names: Record<string, string> = {};
  const values: Record<string, string> = {};
  const conditions = Object.entries(where).flatMap(([name, wanted]) => {
    if (wanted === undefined) return [];
    names[`#${name}`] = name;
    const placeholders = wanted.map((value, i) => {
      values[`:${name}${i}`] = value;
      return `:${name}${i}`;
    });
    return [`#${name} IN (${placeholders.join(", ")})`];
  });
  return { expression: conditions.length === 0 ? undefined : conditions.join(" AND "), names, values };
}

/** The items of rows, in the same order. Missing items are left out. */
async function readRows<Listed>(table: Table, rows: readonly RowKey[], parse: (item: Item) => Listed) {
  const nameOf = (pk: string | undefined, sk: string | undefined) => JSON.stringify([pk, sk]);
  const items = await readItems(table, rows);
  const found = new Map(items.map((item) => [nameOf(item.pk?.S, item.sk?.S), parse(item)]));
  return rows.flatMap(({ pk, sk }) => found.get(nameOf(pk, sk)) ?? []);
}
