import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { type Notification, notification as notificationSchema, notificationStatus } from "../core/notification.ts";
import { notificationId, notificationKeyOf } from "../core/notification-id.ts";
import type { NotificationFilter, NotificationListing, PagePosition } from "../core/ports.ts";
import { notificationKey, notificationKeyOfRow } from "./dynamo-notifications.ts";
import { fromItem, type Item, key, readItems, type Table, toItem } from "./dynamo-table.ts";

const listRow = z
  .object({ pk: z.string(), sk: z.string(), listedAt: z.number(), status: notificationStatus })
  .transform(({ pk, sk, listedAt, status }) => ({ ...notificationKeyOfRow({ pk, sk }), listedAt, status }));
type ListRow = z.infer<typeof listRow>;

/** The most index pages that one request reads before it answers with what it has found. */
const pagesPerRequest = 5;
const rowsPerPage = 500;

/**
 * An issuer's notifications, newest first, by index `byIssuer`. Its rows tell what a filter asks for, although they may
 * lag a moment; the notifications themselves are then read from the table.
 */
export function dynamoNotificationListing(table: Table): NotificationListing {
  const { client, tableName } = table;
  const readAll = async (rows: readonly ListRow[]): Promise<Notification[]> => {
    const items = await readItems(table, rows.map(notificationKey));
    const notifications = items.map((item) => fromItem(notificationSchema, item));
    const found = new Map(notifications.map((notification) => [notificationId(notification), notification]));
    return rows.flatMap((row) => found.get(notificationId(row)) ?? []);
  };
  const read = async (rows: readonly ListRow[], filter: NotificationFilter) =>
    (await readAll(rows)).filter((notification) => matches(notification, filter));

  return {
    async list(organizationId, filter, size, from) {
      const partition = key(organizationId, "NOTIFICATIONS");
      const oldest = filter.since ?? 0;
      const newest = filter.before === undefined ? Number.MAX_SAFE_INTEGER : filter.before - 1;
      // DynamoDB refuses a BETWEEN whose ends are the wrong way round.
      if (newest < oldest) return { items: [], next: undefined };
      const selected: ListRow[] = [];
      let position = from;
      for (let page = 0; page < pagesPerRequest; page++) {
        const answer = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: "byIssuer",
            KeyConditionExpression: "issuer = :issuer AND listedAt BETWEEN :from AND :to",
            ExpressionAttributeValues: toItem({ ":issuer": partition, ":from": oldest, ":to": newest }),
            ScanIndexForward: false,
            Limit: rowsPerPage,
            ...(position === undefined ? {} : { ExclusiveStartKey: startKey(organizationId, partition, position) }),
          }),
        );
        const rows = (answer.Items ?? []).map((item) => fromItem(listRow, item));
        for (const row of rows) {
          position = { at: row.listedAt, id: notificationId(row) };
          if (!matches(row, filter)) continue;
          selected.push(row);
          if (selected.length === size) return { items: await read(selected, filter), next: position };
        }
        if (answer.LastEvaluatedKey === undefined) return { items: await read(selected, filter), next: undefined };
      }
      return { items: await read(selected, filter), next: position };
    },
  };
}

function startKey(organizationId: string, issuer: string, { at, id }: PagePosition): Item {
  const of = notificationKeyOf(organizationId, id);
  if (of === undefined) throw new Error("a page begins behind something that is no notification");
  return toItem({ ...notificationKey(of), issuer, listedAt: at });
}

function matches(
  { status, subscriptionId }: Pick<Notification, "status" | "subscriptionId">,
  filter: NotificationFilter,
): boolean {
  const { statuses, subscriptionId: wanted } = filter;
  return statuses?.includes(status) !== false && (wanted === undefined || wanted === subscriptionId);
}
