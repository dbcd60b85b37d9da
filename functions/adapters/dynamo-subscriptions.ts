import { GetItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import type { SubscriptionStore } from "../core/ports.ts";
import { type Subscription, subscription as subscriptionSchema } from "../core/subscription.ts";
import { fromItem, key, type Table, toItem } from "./dynamo-table.ts";

function subscriptionKey(organizationId: string, subscriptionId: string): { pk: string; sk: string } {
  return { pk: key("ISSUER", organizationId), sk: key("SUBSCRIPTION", subscriptionId) };
}

/** Subscriptions in the table, one partition an issuer. */
export function dynamoSubscriptions({ client, tableName }: Table): SubscriptionStore {
  return {
    async create(subscription) {
      const { organizationId, subscriptionId } = subscription;
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: toItem({ ...subscriptionKey(organizationId, subscriptionId), ...subscription }),
        }),
      );
    },

    async get(organizationId, subscriptionId) {
      const { Item: item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: toItem(subscriptionKey(organizationId, subscriptionId)),
          ConsistentRead: true,
        }),
      );
      return item === undefined ? undefined : fromItem(subscriptionSchema, item);
    },

    async list(organizationId) {
      const subscriptions: Subscription[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :subscriptions)",
          ExpressionAttributeValues: toItem({
            ":pk": key("ISSUER", organizationId),
            ":subscriptions": "SUBSCRIPTION#",
          }),
          ConsistentRead: true,
        },
      );
      for await (const { Items: items = [] } of pages) {
        subscriptions.push(...items.map((item) => fromItem(subscriptionSchema, item)));
      }
      return subscriptions;
    },
  };
}
