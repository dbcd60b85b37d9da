import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { PollLease, PollLeases } from "../core/ports.ts";
import { conditionally, fromItem, key, type Table, toItem } from "./dynamo-table.ts";

const position = z.object({ organizationId: z.string(), auditId: z.string(), laneAt: z.number() });
const cursor = z.object({ since: z.number().optional(), until: z.number().optional(), position: position.optional() });
const cursorRow = z.object({ cursors: z.record(z.string(), cursor) });

function cursorKey(shard: number): { pk: string; sk: string } {
  return { pk: "POLL", sk: key("LANE", shard) };
}

/** Pollers' holds on the shards, each in one row with the cursors of its bands. */
export function dynamoPollLeases({ client, tableName }: Table): PollLeases {
  const holdersOwn = ({ shard, holder }: PollLease) => ({
    TableName: tableName,
    Key: toItem(cursorKey(shard)),
    ConditionExpression: "holder = :holder",
    ExpressionAttributeValues: { ":holder": { S: holder } },
  });

  return {
    async take(shard, holder, now, expiresAt) {
      let cursors: PollLease["cursors"] = {};
      const outcome = await conditionally(
        client
          .send(
            new UpdateItemCommand({
              TableName: tableName,
              Key: toItem(cursorKey(shard)),
              UpdateExpression:
                "SET holder = :holder, heldUntil = :expiresAt, cursors = if_not_exists(cursors, :none) REMOVE pausedUntil",
              ConditionExpression:
                "(attribute_not_exists(holder) OR holder = :holder OR heldUntil <= :now) AND (attribute_not_exists(pausedUntil) OR pausedUntil <= :now)",
              ExpressionAttributeValues: toItem({
                ":holder": holder,
                ":expiresAt": expiresAt,
                ":now": now,
                ":none": {},
              }),
              ReturnValues: "ALL_NEW",
            }),
          )
          .then(({ Attributes: row = {} }) => {
            cursors = fromItem(cursorRow, row).cursors;
          }),
      );
      return outcome === "done" ? { shard, holder, cursors } : undefined;
    },

    async saveCursor(lease, band, cursor) {
      const own = holdersOwn(lease);
      return conditionally(
        client.send(
          new UpdateItemCommand({
            ...own,
            UpdateExpression: "SET cursors.#band = :cursor",
            ExpressionAttributeNames: { "#band": band },
            ExpressionAttributeValues: { ...own.ExpressionAttributeValues, ...toItem({ ":cursor": cursor }) },
          }),
        ),
      );
    },

    async release(lease, pausedUntil) {
      const own = holdersOwn(lease);
      const pause = pausedUntil === undefined ? {} : toItem({ ":pausedUntil": pausedUntil });
      await conditionally(
        client.send(
          new UpdateItemCommand({
            ...own,
            UpdateExpression: `REMOVE holder, heldUntil${pausedUntil === undefined ? "" : " SET pausedUntil = :pausedUntil"}`,
            ExpressionAttributeValues: { ...own.ExpressionAttributeValues, ...pause },
          }),
        ),
      );
    },
  };
}
