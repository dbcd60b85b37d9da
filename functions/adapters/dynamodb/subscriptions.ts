import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { SubscriptionOutbox, SubscriptionOutboxRow, SubscriptionStore } from "../../core/subscriptions/ports.ts";
import {
  type DeletedSubscription,
  deletedSubscription,
  type Subscription,
  type SubscriptionKey,
  subscription as subscriptionSchema,
} from "../../core/subscriptions/subscription.ts";
import { conditionally, fromItem, type Item, key, partsOf, type Table, toItem, wholeFromItem } from "./table.ts";

function subscriptionKey(organizationId: string, subscriptionId: string): { pk: string; sk: string } {
  return { pk: key("ISSUER", organizationId), sk: key("SUBSCRIPTION", subscriptionId) };
}

/** One partition is enough: a subscription is in it only after it was enabled, disabled or deleted. */
const outbox = "OUTBOX#SUBSCRIPTIONS";

function rowOf(subscription: Subscription | DeletedSubscription): Record<string, unknown> {
  const { organizationId, subscriptionId, outboxAt } = subscription;
  return {
    ...subscriptionKey(organizationId, subscriptionId),
    ...subscription,
    ...(outboxAt === undefined ? {} : { outbox }),
  };
}

/** Subscriptions in the table: one partition per issuer. */
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
      return item === undefined || isDeleted(item) ? undefined : wholeFromItem(subscriptionSchema, item);
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
        subscriptions.push(
          ...items.filter((item) => !isDeleted(item)).map((item) => wholeFromItem(subscriptionSchema, item)),
        );
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

    async delete(organizationId, subscriptionId, now) {
      const deleted = { organizationId, subscriptionId, deletedAt: now, outboxAt: now };
      const put = new PutItemCommand({
        TableName: tableName,
        Item: toItem(rowOf(deleted)),
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(deletedAt)",
      });
      return (await conditionally(client.send(put))) === "done" ? "done" : "missing";
    },
  };
}

function isDeleted(item: Item): boolean {
  return item.deletedAt !== undefined;
}

const outboxRow = z
  .object({ pk: z.string(), sk: z.string(), outboxAt: z.number() })
  .transform(({ pk, sk, outboxAt }): SubscriptionOutboxRow => {
    const [, organizationId = ""] = partsOf(pk);
    const [, subscriptionId = ""] = partsOf(sk);
    return { organizationId, subscriptionId, outboxAt };
  });

/** Subscriptions in the outbox, in index `outbox`. */
export function dynamoSubscriptionOutbox({ client, tableName }: Table): SubscriptionOutbox {
  const keyOf = ({ organizationId, subscriptionId }: SubscriptionKey) =>
    subscriptionKey(organizationId, subscriptionId);
  return {
    async due(now, limit, after) {
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "outbox",
          KeyConditionExpression: "outbox = :outbox AND outboxAt <= :now",
          ExpressionAttributeValues: toItem({ ":outbox": outbox, ":now": now }),
          Limit: limit,
          ...(after && { ExclusiveStartKey: toItem({ ...keyOf(after), outbox, outboxAt: after.outboxAt }) }),
        }),
      );
      return { rows: items.map((item) => fromItem(outboxRow, item)), next: last && fromItem(outboxRow, last) };
    },

    async get(of) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: toItem(keyOf(of)), ConsistentRead: true }),
      );
      if (item === undefined) return undefined;
      return isDeleted(item) ? wholeFromItem(deletedSubscription, item) : wholeFromItem(subscriptionSchema, item);
    },

    async postpone(deleted) {
      const put = new PutItemCommand({ TableName: tableName, Item: toItem(rowOf(deleted)), ...ifStillDeleted });
      await conditionally(client.send(put));
    },

    async remove(deleted) {
      await conditionally(
        client.send(new DeleteItemCommand({ TableName: tableName, Key: toItem(keyOf(deleted)), ...ifStillDeleted })),
      );
    },
  };
}

const ifStillDeleted = { ConditionExpression: "attribute_exists(deletedAt)" };
