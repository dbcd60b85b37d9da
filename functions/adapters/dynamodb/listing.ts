import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { Page, PagePosition } from "../../core/shared/ports.ts";
import { readItems } from "./batches.ts";
import { fromItem, type Item, type Table, toItem } from "./table.ts";

/** Base keys of a row. */
export interface RowKey {
  pk: string;
  sk: string;
}

const indexRow = z.object({ pk: z.string(), sk: z.string(), listedAt: z.number() });
type IndexRow = z.infer<typeof indexRow>;

/** A list: the partition of an index that holds its rows by time, and how they become items. */
export interface DynamoList<Listed> {
  index: "byIssuer" | "byTransaction";
  /** The attribute by which the index is partitioned, and the list's own partition. */
  partition: readonly [name: "issuer" | "transaction", value: string];
  /** What the rows must have, by attributes that the index projects: any of the values. */
  where: Readonly<Record<string, readonly string[] | undefined>>;
  /** The id of a row, by which pages are continued, and the row of an id. */
  idOf: (row: RowKey) => string;
  keyOf: (id: string) => RowKey;
  parse: (item: Item) => Listed;
  /** Whether an item still fits: the index may lag behind it. */
  isListed: (item: Listed) => boolean;
}

/** Which part of a list is read: in epoch milliseconds, `before` excluded. */
export interface ListRange {
  since?: number | undefined;
  before?: number | undefined;
  from?: PagePosition | undefined;
}

/** The most that one request reads before it answers with what it has found: 5 MB of an index, some 20,000 rows. */
const queriesPerRequest = 5;

/**
 * A page of a list, newest first. DynamoDB itself leaves out the index rows that do not fit, so only what is shown is
 * read whole. The queries of a narrowed list grow up to DynamoDB's 1 MB, so that what is rare is found soon, and what
 * is frequent costs little.
 */
export async function readPage<Listed>(
  table: Table,
  list: DynamoList<Listed>,
  { since = 0, before = Number.MAX_SAFE_INTEGER, from }: ListRange,
  size: number,
): Promise<Page<Listed>> {
  const newest = before - 1;
  // DynamoDB refuses a BETWEEN whose ends are the wrong way round, and a start outside of it.
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

/** One row more than is shown tells whether there is another page. */
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

/** The items of rows, in their order; those that are gone are left out. */
async function readRows<Listed>(table: Table, rows: readonly RowKey[], parse: (item: Item) => Listed) {
  const nameOf = (pk: string | undefined, sk: string | undefined) => JSON.stringify([pk, sk]);
  const items = await readItems(table, rows);
  const found = new Map(items.map((item) => [nameOf(item.pk?.S, item.sk?.S), parse(item)]));
  return rows.flatMap(({ pk, sk }) => found.get(nameOf(pk, sk)) ?? []);
}
