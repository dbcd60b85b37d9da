import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { lanePartition, shardOf } from "../core/lanes.ts";
import { type Notification, type NotificationKey, notification as notificationSchema } from "../core/notification.ts";
import type { DeliveryLane, HeldNotifications, NotificationStore } from "../core/ports.ts";
import type { SubscriptionKey } from "../core/subscription.ts";
import { auditKey } from "./dynamo-audits.ts";
import { conditionally, fromItem, key, partsOf, type Table, toItem } from "./dynamo-table.ts";

/** DynamoDB takes at most 25 writes in one BatchWriteItem. */
const writesPerRequest = 25;

/** The base key of a notification. */
export function notificationKey(of: NotificationKey): { pk: string; sk: string } {
  return { pk: auditKey(of).pk, sk: key("NOTIFICATION", of.sequence, of.subscriptionId) };
}

/** The held ones of a subscription are a partition of their own. */
function heldPartition({ organizationId, subscriptionId }: SubscriptionKey): string {
  return key("HELD", organizationId, subscriptionId);
}

function laneOf(notification: Notification): string {
  if (notification.status === "held") return heldPartition(notification);
  return lanePartition("DELIVER", shardOf(notification.auditId));
}

function rowOf(notification: Notification): Record<string, unknown> {
  return {
    ...notificationKey(notification),
    ...notification,
    issuer: key(notification.organizationId, "NOTIFICATIONS"),
    listedAt: notification.createdAt,
    ...(notification.laneAt === undefined ? {} : { lane: laneOf(notification) }),
  };
}

/** What became of each event for each subscription, in the partition of its audit. */
export function dynamoNotifications({ client, tableName }: Table): NotificationStore {
  return {
    async get(of) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: toItem(notificationKey(of)), ConsistentRead: true }),
      );
      return item === undefined ? undefined : fromItem(notificationSchema, item);
    },

    async listOfAudit(of) {
      const notifications: Notification[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :notifications)",
          ExpressionAttributeValues: toItem({ ":pk": auditKey(of).pk, ":notifications": "NOTIFICATION#" }),
          ConsistentRead: true,
        },
      );
      for await (const { Items: items = [] } of pages) {
        notifications.push(...items.map((item) => fromItem(notificationSchema, item)));
      }
      return notifications;
    },

    async putDelivered(notifications) {
      const rows = new Map(notifications.map((row) => [JSON.stringify(notificationKey(row)), row]));
      let writes: WriteRequest[] = [...rows.values()].map((row) => ({ PutRequest: { Item: toItem(rowOf(row)) } }));
      while (writes.length > 0) {
        const now = writes.slice(0, writesPerRequest);
        const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: now } }));
        writes = [...(answer.UnprocessedItems?.[tableName] ?? []), ...writes.slice(writesPerRequest)];
      }
    },

    async put(notification, seen) {
      return conditionally(
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: toItem(rowOf(notification)),
            ...(seen === undefined
              ? { ConditionExpression: "attribute_not_exists(pk)" }
              : {
                  ConditionExpression: "#status = :status AND attemptCount = :attemptCount",
                  ExpressionAttributeNames: { "#status": "status" },
                  ExpressionAttributeValues: toItem({ ":status": seen.status, ":attemptCount": seen.attemptCount }),
                }),
          }),
        ),
      );
    },
  };
}

/** The key of the notification that an index row stands for. */
export function notificationKeyOfRow({ pk, sk }: { pk: string; sk: string }): NotificationKey {
  const [, organizationId = "", auditId = ""] = partsOf(pk);
  const [, sequence, subscriptionId = ""] = partsOf(sk);
  return { organizationId, auditId, sequence: Number(sequence), subscriptionId };
}

const rowKey = z.object({ pk: z.string(), sk: z.string() });

const laneRow = z
  .object({ ...rowKey.shape, laneAt: z.number() })
  .transform(({ laneAt, ...row }) => ({ ...notificationKeyOfRow(row), laneAt }));

/** Notifications that wait for their next attempt, by index `lanes`. */
export function dynamoDeliveryLane({ client, tableName }: Table): DeliveryLane {
  return {
    async due(shard, now, limit) {
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "lanes",
          KeyConditionExpression: "lane = :lane AND laneAt <= :now",
          ExpressionAttributeValues: toItem({ ":lane": lanePartition("DELIVER", shard), ":now": now }),
          Limit: limit,
        }),
      );
      return items.map((item) => fromItem(laneRow, item));
    },

    async claim(of, seen, laneAt) {
      let claimed: Notification | undefined;
      const outcome = await conditionally(
        client
          .send(
            new UpdateItemCommand({
              TableName: tableName,
              Key: toItem(notificationKey(of)),
              UpdateExpression: "SET laneAt = :laneAt",
              ConditionExpression: "laneAt = :seen",
              ExpressionAttributeValues: toItem({ ":laneAt": laneAt, ":seen": seen }),
              ReturnValues: "ALL_NEW",
            }),
          )
          .then(({ Attributes: row }) => {
            if (row !== undefined) claimed = fromItem(notificationSchema, row);
          }),
      );
      return outcome === "done" ? claimed : undefined;
    },
  };
}

/** Notifications that wait for their subscription, by index `lanes`. */
export function dynamoHeldNotifications({ client, tableName }: Table): HeldNotifications {
  return {
    async list(of, limit) {
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "lanes",
          KeyConditionExpression: "lane = :lane",
          ExpressionAttributeValues: toItem({ ":lane": heldPartition(of) }),
          Limit: limit,
        }),
      );
      return items.map((item) => notificationKeyOfRow(fromItem(rowKey, item)));
    },
  };
}
