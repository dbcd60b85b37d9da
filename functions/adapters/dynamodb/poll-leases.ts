import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { PollLeases } from "../../core/tracking/ports.ts";
import { conditionally, fromItem, key, type Table, toItem } from "./table.ts";

const leaseRow = z.object({ generation: z.number() });

function leaseKey(shard: number): { pk: string; sk: string } {
  return { pk: "POLL", sk: key("LEASE", shard) };
}

/** The pollers' leases: one row per shard. */
export function dynamoPollLeases({ client, tableName }: Table): PollLeases {
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
      await conditionally(
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: toItem(leaseKey(shard)),
            UpdateExpression: "REMOVE holder, heldUntil",
            ConditionExpression: "generation = :generation",
            ExpressionAttributeValues: toItem({ ":generation": generation }),
          }),
        ),
      );
    },
  };
}
