import {
  type Notification,
  type NotificationKey,
  type NotificationSeen,
  notification as notificationSchema,
} from "../../core/notifications/notification.ts";
import { notificationExpiry } from "../../core/notifications/notification-expiry.ts";
import type { NotificationStore } from "../../core/notifications/ports.ts";
import { shardOf } from "../../core/shared/lanes.ts";
import type { Retention } from "../../core/shared/retention.ts";
import type { SubscriptionKey } from "../../core/subscriptions/subscription.ts";
import { auditKey } from "./audit-row.ts";
import { feedItem } from "./event-feed.ts";
import { readItems, writeItems } from "./table/batches.ts";
import { lanePartition } from "./table/lane-partitions.ts";
import { type Guard, getRow, putRow, rowsOf } from "./table/rows.ts";
import {
  expiring,
  type Item,
  key,
  partsOf,
  type RowKey,
  readableRows,
  type Table,
  toItem,
  wholeFromItem,
} from "./table/table.ts";

export function notificationKey(of: NotificationKey): RowKey {
  return { pk: auditKey(of).pk, sk: key("NOTIFICATION", of.sequence, of.subscriptionId) };
}

/** The lane of a subscription's held notifications: a partition of its own. */
export function heldPartition({ organizationId, subscriptionId }: SubscriptionKey): string {
  return key("HELD", organizationId, subscriptionId);
}

function laneOf(notification: Notification): string {
  if (notification.status === "held") return heldPartition(notification);
  return lanePartition("DELIVER", notification.organizationId, shardOf(notification.auditId));
}

function rowOf(notification: Notification, retention: Retention = {}): Record<string, unknown> {
  return {
    ...notificationKey(notification),
    ...notification,
    issuer: key(notification.organizationId, "NOTIFICATIONS"),
    listedAt: notification.createdAt,
    ...(notification.laneAt === undefined ? {} : { lane: laneOf(notification) }),
    ...expiring(notificationExpiry(notification, retention)),
  };
}

/** Notifications in the table, in the partition of their audit. */
export function dynamoNotifications(table: Table): NotificationStore {
  const { retention } = table;
  return {
    async get(of) {
      const item = await getRow(table, notificationKey(of));
      return item === undefined ? undefined : wholeFromItem(notificationSchema, item);
    },

    async getAll(keys) {
      const items = await readItems(table, keys.map(notificationKey), { consistently: true });
      return readableRows(table, items, (item) => wholeFromItem(notificationSchema, item));
    },

    async listOfAudit(of) {
      const items = await rowsOf(table, auditKey(of).pk, "NOTIFICATION#");
      return items.map((item) => wholeFromItem(notificationSchema, item));
    },

    async putNew(notifications, feed) {
      const rows = notifications.map((notification) => toItem(rowOf(notification, retention)));
      const entries = feed?.entries.map((entry) => feedItem(feed.organizationId, entry, retention)) ?? [];
      const unwritten = await writeItems(table, [...rows, ...entries]);
      if (unwritten.length > 0) throw new Error(`DynamoDB did not write ${unwritten.length} rows: throttled`);
    },

    async putDelivered(notifications) {
      const keyOf = (row: Item) => `${row.pk?.S} ${row.sk?.S}`;
      // DynamoDB refuses a request with two writes of one row.
      // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
      const rows = new Map<string, { item: Item; notification: Notification }>();
      for (const notification of notifications) {
        const item = toItem(rowOf(notification, retention));
        rows.set(keyOf(item), { item, notification });
      }
      const unwritten = await writeItems(
        table,
        [...rows.values()].map(({ item }) => item),
      );
      return unwritten.flatMap((item) => rows.get(keyOf(item))?.notification ?? []);
    },

    put(notification, seen) {
      return putRow(table, rowOf(notification, retention), ifStill(seen));
    },
  };
}

function ifStill(seen: NotificationSeen | undefined): Guard {
  if (seen === undefined) return { condition: "attribute_not_exists(pk)" };
  const { status, attemptCount, replayedAfter, nextAttemptAt } = seen;
  const values: Record<string, unknown> = { ":status": status, ":attemptCount": attemptCount };
  const conditions = ["#status = :status", "attemptCount = :attemptCount"];
  for (const [name, value] of Object.entries({ replayedAfter, nextAttemptAt })) {
    conditions.push(value === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`);
    if (value !== undefined) values[`:${name}`] = value;
  }
  return { condition: conditions.join(" AND "), names: { "#status": "status" }, values };
}

export function notificationKeyOfRow({ pk, sk }: { pk: string; sk: string }): NotificationKey {
  const [, organizationId = "", auditId = ""] = partsOf(pk);
  const [, sequence, subscriptionId = ""] = partsOf(sk);
  return { organizationId, auditId, sequence: Number(sequence), subscriptionId };
}
