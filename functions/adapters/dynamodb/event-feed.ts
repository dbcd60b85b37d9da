import { QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { storedEventName } from "../../core/events/events.ts";
import type { FeedEntry, FeedPosition } from "../../core/events/feed-entry.ts";
import type { EventFeed } from "../../core/publishing/ports.ts";
import { expiry, type Retention } from "../../core/shared/retention.ts";
import { writeItems } from "./table/batches.ts";
import { filterExpression } from "./table/index-filter.ts";
import { expiring, fromItem, type Item, key, partsOf, type RowKey, type Table, toItem } from "./table/table.ts";

const row = z.object({
  at: z.number(),
  auditId: z.string(),
  sequence: z.number(),
  eventId: z.string(),
  eventName: storedEventName,
  body: z.string().optional(),
});

/** Epoch milliseconds as sortable text. 15 digits last for 30,000 years. */
function sortable(at: number): string {
  return String(at).padStart(15, "0");
}

export function feedKey(organizationId: string, { at, auditId, sequence }: FeedPosition): RowKey {
  return { pk: key("EVENTS", organizationId), sk: key(sortable(at), auditId, sequence) };
}

export function feedItem(organizationId: string, entry: FeedEntry, retention: Retention = {}): Item {
  const expiresAt = expiry(entry.at, retention.auditDays);
  return toItem({ ...feedKey(organizationId, entry), ...entry, ...expiring(expiresAt) });
}

function positionOf({ sk }: Item): FeedPosition {
  const [at, auditId = "", sequence] = partsOf(sk?.S ?? "");
  return { at: Number(at), auditId, sequence: Number(sequence) };
}

/** The limit of the reads of one request: 5 MB, about 20,000 entries. */
const queriesPerRequest = 5;

/** The event feeds in the table: one partition per issuer, in order of time. */
export function dynamoEventFeed(table: Table): EventFeed {
  const { client, tableName, retention } = table;
  return {
    async append(organizationId, entry) {
      const unwritten = await writeItems(table, [feedItem(organizationId, entry, retention)]);
      if (unwritten.length > 0) throw new Error("DynamoDB did not write an entry of the feed: throttled");
    },

    async read(organizationId, { after, since, until, eventNames }, size) {
      const filter = filterExpression([{ attribute: "eventName", anyOf: eventNames }]);
      // The lowest key after the last entry of the previous page.
      const first = after === undefined ? sortable(since) : `${feedKey(organizationId, after).sk}\u0001`;
      const entries: FeedEntry[] = [];
      let last: Item | undefined;
      if (first >= sortable(until)) return { entries, isEnd: true };
      for (let query = 0; query < queriesPerRequest && entries.length < size; query++) {
        const response = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :until",
            FilterExpression: filter.expression,
            ExpressionAttributeNames: filter.expression === undefined ? undefined : filter.names,
            ExpressionAttributeValues: toItem({
              ...{ ":pk": key("EVENTS", organizationId), ":first": first, ":until": sortable(until) },
              ...filter.values,
            }),
            ConsistentRead: true,
            Limit: filter.expression === undefined ? size - entries.length : undefined,
            ExclusiveStartKey: last,
          }),
        );
        entries.push(...(response.Items ?? []).map((item) => fromItem(row, item)));
        last = response.LastEvaluatedKey;
        if (last === undefined) break;
      }
      return {
        entries: entries.slice(0, size),
        isEnd: last === undefined && entries.length <= size,
        ...(last !== undefined && entries.length < size && { readTo: positionOf(last) }),
      };
    },
  };
}
