import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { eventName } from "../../core/events/events.ts";
import type { EventFeed, FeedEntry, FeedPosition } from "../../core/publishing/ports.ts";
import { expiry } from "../../core/shared/retention.ts";
import { filterExpression } from "./table/index-filter.ts";
import { expiring, fromItem, type Item, key, partsOf, type RowKey, type Table, toItem } from "./table/table.ts";

const row = z.object({
  at: z.number(),
  auditId: z.string(),
  sequence: z.number(),
  eventId: z.string(),
  eventName,
  body: z.string().optional(),
});

/** Epoch milliseconds as sortable text. 15 digits last for 30,000 years. */
function sortable(at: number): string {
  return String(at).padStart(15, "0");
}

export function feedKey(organizationId: string, { at, auditId, sequence }: FeedPosition): RowKey {
  return { pk: key("EVENTS", organizationId), sk: key(sortable(at), auditId, sequence) };
}

function positionOf({ sk }: Item): FeedPosition {
  const [at, auditId = "", sequence] = partsOf(sk?.S ?? "");
  return { at: Number(at), auditId, sequence: Number(sequence) };
}

/** The most that one request reads: 5 MB, about 20,000 entries. */
const queriesPerRequest = 5;

/** The event feeds in the table: one partition per issuer, in order of time. */
export function dynamoEventFeed({ client, tableName, retention }: Table): EventFeed {
  return {
    async append(organizationId, entry) {
      const expiresAt = expiry(entry.at, retention?.auditDays);
      const item = { ...feedKey(organizationId, entry), ...entry, ...expiring(expiresAt) };
      await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(item) }));
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
