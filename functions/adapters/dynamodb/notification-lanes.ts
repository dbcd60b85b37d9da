import { QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { DeliveryLane, DeliveryRow, HeldNotifications } from "../../core/notifications/ports.ts";
import type { LanePage } from "../../core/shared/ports.ts";
import { lanePartition } from "./lane-partitions.ts";
import { heldPartition, notificationKey, notificationKeyOfRow } from "./notifications.ts";
import { conditionally, fromItem, type Table, toItem } from "./table.ts";

const laneRow = z
  .object({ pk: z.string(), sk: z.string(), laneAt: z.number() })
  .transform(({ laneAt, ...row }): DeliveryRow => ({ ...notificationKeyOfRow(row), laneAt }));

/** Rows of a partition of index `lanes` up to a time, oldest first. */
async function readLane(
  { client, tableName }: Table,
  lane: string,
  until: number,
  limit: number,
  after: DeliveryRow | undefined,
): Promise<LanePage<DeliveryRow>> {
  const { Items: items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: "lanes",
      KeyConditionExpression: "lane = :lane AND laneAt <= :until",
      ExpressionAttributeValues: toItem({ ":lane": lane, ":until": until }),
      Limit: limit,
      ...(after && { ExclusiveStartKey: toItem({ ...notificationKey(after), lane, laneAt: after.laneAt }) }),
    }),
  );
  return { rows: items.map((item) => fromItem(laneRow, item)), next: last && fromItem(laneRow, last) };
}

/** Notifications that wait for their next attempt, in index `lanes`. */
export function dynamoDeliveryLane(table: Table): DeliveryLane {
  const { client, tableName } = table;
  return {
    due({ organizationId, shard }, now, limit, after) {
      return readLane(table, lanePartition("DELIVER", organizationId, shard), now, limit, after);
    },

    postpone(row, laneAt, event) {
      return conditionally(
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: toItem(notificationKey(row)),
            UpdateExpression: "SET laneAt = :laneAt, event = :event",
            ConditionExpression: "laneAt = :seen",
            ExpressionAttributeValues: toItem({ ":laneAt": laneAt, ":seen": row.laneAt, ":event": event }),
          }),
        ),
      );
    },
  };
}

/** Notifications that wait for their disabled subscription, in index `lanes`. */
export function dynamoHeldNotifications(table: Table): HeldNotifications {
  const { client, tableName } = table;
  return {
    list(of, limit, after) {
      return readLane(table, heldPartition(of), Number.MAX_SAFE_INTEGER, limit, after);
    },

    async count(of, max) {
      const { Count: count = 0 } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "lanes",
          KeyConditionExpression: "lane = :lane",
          ExpressionAttributeValues: toItem({ ":lane": heldPartition(of) }),
          Select: "COUNT",
          Limit: max,
        }),
      );
      return count;
    },
  };
}
