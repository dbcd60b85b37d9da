import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { IssuerShard } from "../../core/shared/lanes.ts";
import type { PollCursors } from "../../core/tracking/ports.ts";
import { conditionally, fromItem, key, type Table, toItem } from "./table.ts";

const position = z.object({ organizationId: z.string(), auditId: z.string(), laneAt: z.number() });
const cursor = z.object({ since: z.number().optional(), until: z.number().optional(), position: position.optional() });
const cursorRow = z.object({ cursors: z.record(z.string(), cursor) });

function cursorKey({ organizationId, shard }: IssuerShard): { pk: string; sk: string } {
  return { pk: "POLL", sk: key("CURSOR", organizationId, shard) };
}

/** The pollers' cursors: one row per issuer and shard. */
export function dynamoPollCursors({ client, tableName }: Table): PollCursors {
  return {
    async read(of) {
      const get = new GetItemCommand({ TableName: tableName, Key: toItem(cursorKey(of)), ConsistentRead: true });
      const { Item: item } = await client.send(get);
      return item === undefined ? {} : fromItem(cursorRow, item).cursors;
    },

    async save(of, generation, cursors) {
      return conditionally(
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: toItem(cursorKey(of)),
            UpdateExpression: "SET cursors = :cursors, generation = :generation",
            ConditionExpression: "attribute_not_exists(generation) OR generation <= :generation",
            ExpressionAttributeValues: toItem({ ":cursors": cursors, ":generation": generation }),
          }),
        ),
      );
    },
  };
}
