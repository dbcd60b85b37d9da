import { QueryCommand } from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import { fromItem, type Item, type Table, toItem } from "./table.ts";

/** The limit of one read. A page has 1 MB of the index: about 4,000 rows of audits. */
const maxPages = 10;

/** A period of an index's partition, and how its rows are read. */
export interface IndexRange<Row> {
  row: z.ZodType<Row>;
  /** The attributes of a row. The index must project them, or DynamoDB refuses the query. */
  attributes: readonly string[];
  index: "byIssuer" | "bySettlement" | "lanes";
  partition: readonly [name: string, value: string];
  time: string;
  /** `to` is exclusive. */
  period: { from: number; to: number };
  isNewestFirst?: boolean;
  /** A filter expression. */
  filter?: string;
  /** Other items are skipped. */
  isRow?: (item: Item) => boolean;
}

/**
 * Visits the rows of an index in order of time, page by page. Each page is parsed before the next is read, so that no
 * more than one stays in memory.
 *
 * @returns whether these are all rows
 */
export async function visitRange<Row>(
  { client, tableName }: Table,
  range: IndexRange<Row>,
  visit: (rows: Row[]) => void,
): Promise<boolean> {
  const { index, partition, time, period, isNewestFirst = false, filter, row, attributes, isRow } = range;
  let last: Item | undefined;
  if (period.to <= period.from) return true;
  const names = attributes.map((name) => [`#${name}`, name] as const);
  for (let page = 0; page < maxPages; page++) {
    const response = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: "#partition = :partition AND #time BETWEEN :from AND :to",
        ...(filter !== undefined && { FilterExpression: filter }),
        ProjectionExpression: names.map(([placeholder]) => placeholder).join(", "),
        ExpressionAttributeNames: { "#partition": partition[0], "#time": time, ...Object.fromEntries(names) },
        ExpressionAttributeValues: toItem({ ":partition": partition[1], ":from": period.from, ":to": period.to - 1 }),
        ScanIndexForward: !isNewestFirst,
        ExclusiveStartKey: last,
      }),
    );
    visit((response.Items ?? []).filter((item) => isRow?.(item) ?? true).map((item) => fromItem(row, item)));
    last = response.LastEvaluatedKey;
    if (last === undefined) return true;
  }
  return false;
}
