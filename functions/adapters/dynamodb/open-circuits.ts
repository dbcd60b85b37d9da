import { DeleteItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { CircuitOpenReason, OpenCircuitStore } from "../../core/tracking/ports.ts";
import { conditionally, fromItem, key, type Table, toItem } from "./table.ts";

const partition = "POLL";

const reasons = ["unauthorized", "throttled", "server-errors", "hanging", "unreachable"] satisfies CircuitOpenReason[];

const row = z.object({
  organizationId: z.string(),
  reason: z.enum(reasons),
  since: z.number(),
  pausedUntil: z.number(),
});

/** The open circuits in the table: one row per issuer. */
export function dynamoOpenCircuits({ client, tableName }: Table): OpenCircuitStore {
  const rowOf = (organizationId: string) => ({
    TableName: tableName,
    Key: toItem({ pk: partition, sk: key("CIRCUIT", organizationId) }),
  });
  return {
    async list() {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :circuits)",
          ExpressionAttributeValues: toItem({ ":pk": partition, ":circuits": "CIRCUIT#" }),
          ConsistentRead: true,
        },
      );
      const openCircuits: z.output<typeof row>[] = [];
      for await (const { Items: items = [] } of pages) openCircuits.push(...items.map((item) => fromItem(row, item)));
      return openCircuits;
    },

    async record({ organizationId, reason, since, pausedUntil }) {
      await conditionally(
        client.send(
          new UpdateItemCommand({
            ...rowOf(organizationId),
            UpdateExpression:
              "SET organizationId = :organizationId, reason = :reason, pausedUntil = :pausedUntil, since = if_not_exists(since, :since)",
            ConditionExpression: "attribute_not_exists(pausedUntil) OR pausedUntil <= :pausedUntil",
            ExpressionAttributeValues: toItem({
              ...{ ":organizationId": organizationId, ":reason": reason },
              ...{ ":since": since, ":pausedUntil": pausedUntil },
            }),
          }),
        ),
      );
    },

    async clear({ organizationId, since, pausedUntil }) {
      await conditionally(
        client.send(
          new DeleteItemCommand({
            ...rowOf(organizationId),
            ConditionExpression: "since = :since AND pausedUntil = :pausedUntil",
            ExpressionAttributeValues: toItem({ ":since": since, ":pausedUntil": pausedUntil }),
          }),
        ),
      );
    },
  };
}
