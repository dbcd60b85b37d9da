import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { SubscriptionOutbox, SubscriptionStore } from "../core/ports.ts";
import { type Subscription, subscription as subscriptionSchema } from "../core/subscription.ts";
import { conditionally, fromItem, key, partsOf, type Table, toItem } from "./dynamo-table.ts";

function subscriptionKey(organizationId: string, subscriptionId: string): { pk: string; sk: string } {
  return { pk: key("ISSUER", organizationId), sk: key("SUBSCRIPTION", subscriptionId) };
}

/** One partition is enough: a subscription is there only after it was enabled or disabled. */
const outbox = "OUTBOX#SUBSCRIPTIONS";

function rowOf(subscription: Subscription): Record<string, unknown> {
  const { organizationId, subscriptionId, outboxAt } = subscription;
  return {
    ...subscriptionKey(organizationId, subscriptionId),
    ...subscription,
    ...(outboxAt === undefined ? {} : { outbox }),
  };
}

/** Subscriptions in the table, one partition an issuer. */
export function dynamoSubscriptions({ client, tableName }: Table): SubscriptionStore {
  return {
    async create(subscription) {
      await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(rowOf(subscription)) }));
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

    async update(subscription, seenRevision) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: toItem(rowOf(subscription)),
        ConditionExpression: "revision = :seen",
        ExpressionAttributeValues: toItem({ ":seen": seenRevision }),
      });
      return conditionally(client.send(put));
    },

    async delete(organizationId, subscriptionId) {
      const { Attributes: deleted } = await client.send(
        new DeleteItemCommand({
          TableName: tableName,
          Key: toItem(subscriptionKey(organizationId, subscriptionId)),
          ReturnValues: "ALL_OLD",
        }),
      );
      return deleted === undefined ? "missing" : "done";
    },
  };
}

const outboxRow = z.object({ pk: z.string(), sk: z.string() }).transform(({ pk, sk }) => {
  const [, organizationId = ""] = partsOf(pk);
  const [, subscriptionId = ""] = partsOf(sk);
  return { organizationId, subscriptionId };
});

/** Subscriptions whose outbox is due, by index `outbox`. */
export function dynamoSubscriptionOutbox({ client, tableName }: Table): SubscriptionOutbox {
  return {
    async due(now, limit) {
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "outbox",
          KeyConditionExpression: "outbox = :outbox AND outboxAt <= :now",
          ExpressionAttributeValues: toItem({ ":outbox": outbox, ":now": now }),
          Limit: limit,
        }),
      );
      return items.map((item) => fromItem(outboxRow, item));
    },
  };
}
