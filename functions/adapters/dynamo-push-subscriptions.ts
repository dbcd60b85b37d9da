import { PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { PushSubscriptionStore } from "../core/ports.ts";
import { fromItem, key, type Table, toItem } from "./dynamo-table.ts";

const row = z.object({ organizationId: z.string() });

/** The issuers for whom Kard pushes to us, in the table: all in one partition, since there are few. */
export function dynamoPushSubscriptions({ client, tableName }: Table): PushSubscriptionStore {
  return {
    async put(organizationId) {
      const item = { pk: "KARDPUSH", sk: key("ISSUER", organizationId), organizationId };
      await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(item) }));
    },

    async list() {
      const organizations: string[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: toItem({ ":pk": "KARDPUSH" }),
        },
      );
      for await (const { Items: items = [] } of pages) {
        organizations.push(...items.map((item) => fromItem(row, item).organizationId));
      }
      return organizations;
    },
  };
}
