import { QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { type Notification, notification as notificationSchema } from "../core/notification.ts";
import type { DeliveryLane, DeliveryRow, HeldNotifications } from "../core/ports.ts";
import { heldPartition, notificationKey, notificationKeyOfRow } from "./dynamo-notifications.ts";
import { conditionally, fromItem, type Table, toItem } from "./dynamo-table.ts";
import { lanePartition } from "./lane-partitions.ts";

const rowKey = z.object({ pk: z.string(), sk: z.string() });

const laneRow = z
  .object({ ...rowKey.shape, laneAt: z.number() })
  .transform(({ laneAt, ...row }): DeliveryRow => ({ ...notificationKeyOfRow(row), laneAt }));

/** Notifications that wait for their next attempt, by index `lanes`. */
export function dynamoDeliveryLane({ client, tableName }: Table): DeliveryLane {
  return {
    async due({ organizationId, shard }, now, limit, after) {
      const lane = lanePartition("DELIVER", organizationId, shard);
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "lanes",
          KeyConditionExpression: "lane = :lane AND laneAt <= :now",
          ExpressionAttributeValues: toItem({ ":lane": lane, ":now": now }),
          Limit: limit,
          ...(after && { ExclusiveStartKey: toItem({ ...notificationKey(after), lane, laneAt: after.laneAt }) }),
        }),
      );
      return { rows: items.map((item) => fromItem(laneRow, item)), next: last && fromItem(laneRow, last) };
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
