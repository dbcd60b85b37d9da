import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { PollLeases } from "../../../core/tracking/ports.ts";
import { updateRow } from "../table/rows.ts";
import { conditionally, fromItem, key, type RowKey, type Table, toItem } from "../table/table.ts";

const leaseRow = z.object({ generation: z.number() });

function leaseKey(shard: number): RowKey {
  return { pk: "POLL", sk: key("LEASE", shard) };
}

/** The pollers' leases: one row per shard. */
export function dynamoPollLeases(table: Table): PollLeases {
  const { client, tableName } = table;
  return {
    async take(shard, holder, now, expiresAt) {
      let generation = 0;
      const update = new UpdateItemCommand({
        TableName: tableName,
        Key: toItem(leaseKey(shard)),
        UpdateExpression: "SET holder = :holder, heldUntil = :expiresAt ADD generation :one",
        ConditionExpression: "attribute_not_exists(holder) OR holder = :holder OR heldUntil <= :now",
        ExpressionAttributeValues: toItem({ ":holder": holder, ":expiresAt": expiresAt, ":now": now, ":one": 1 }),
        ReturnValues: "ALL_NEW",
      });
      const outcome = await conditionally(
        client.send(update).then(({ Attributes: row = {} }) => {
          generation = fromItem(leaseRow, row).generation;
        }),
      );
      return outcome === "done" ? { shard, holder, generation } : undefined;
    },

    async release({ shard, generation }) {
      await updateRow(table, leaseKey(shard), "REMOVE holder, heldUntil", {
        condition: "generation = :generation",
        values: { ":generation": generation },
      });
    },
  };
}
