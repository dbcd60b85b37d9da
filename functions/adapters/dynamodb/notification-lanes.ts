import { QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { DeliveryLane, DeliveryRow, HeldNotifications } from "../../core/notifications/ports.ts";
import { heldPartition, notificationKey, notificationKeyOfRow } from "./notifications.ts";
import { lanePartition } from "./table/lane-partitions.ts";
import { dueRows, updateRow } from "./table/rows.ts";
import { type Table, toItem } from "./table/table.ts";

const laneRow = z
  .object({ pk: z.string(), sk: z.string(), laneAt: z.number() })
  .transform(({ laneAt, ...row }): DeliveryRow => ({ ...notificationKeyOfRow(row), laneAt }));

/** Rows of a partition of index `lanes` up to a time, oldest first. */
function readLane(table: Table, lane: string, until: number, limit: number, position: DeliveryRow | undefined) {
  const after = position && { ...notificationKey(position), at: position.laneAt };
  return dueRows(table, "lanes", lane, laneRow, { until, limit, after });
}

/** Notifications that wait for their next attempt, in index `lanes`. */
export function dynamoDeliveryLane(table: Table): DeliveryLane {
  return {
    due({ organizationId, shard }, now, limit, after) {
      return readLane(table, lanePartition("DELIVER", organizationId, shard), now, limit, after);
    },

    postpone(row, { laneAt, dueSince: at, event }) {
      const update = "SET laneAt = :laneAt, event = :event, sweptFirst = :sweptFirst";
      return updateRow(table, notificationKey(row), update, {
        condition: "laneAt = :seen",
        values: { ":laneAt": laneAt, ":seen": row.laneAt, ":event": event, ":sweptFirst": { at, laneAt } },
      });
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
