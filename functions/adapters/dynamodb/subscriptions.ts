import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { SubscriptionOutbox, SubscriptionOutboxRow, SubscriptionStore } from "../../core/subscriptions/ports.ts";
import {
  type DeletedSubscription,
  deletedSubscription,
  type Subscription,
  type SubscriptionKey,
  subscriber,
  subscription as subscriptionSchema,
} from "../../core/subscriptions/subscription.ts";
import { deleteRow, dueRows, getRow, putRow, rowsOf } from "./table/rows.ts";
import {
  fromItem,
  type Item,
  key,
  partsOf,
  type RowKey,
  readableRows,
  type Table,
  toItem,
  wholeFromItem,
} from "./table/table.ts";

function subscriptionKey(organizationId: string, subscriptionId: string): RowKey {
  return { pk: key("ISSUER", organizationId), sk: key("SUBSCRIPTION", subscriptionId) };
}

/**
 * One partition is enough: a subscription is in it only after it was enabled, disabled or deleted, or after its health
 * changed.
 */
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
export function dynamoSubscriptions(table: Table): SubscriptionStore {
  const { client, tableName } = table;
  const itemsOf = async (organizationId: string) => {
    const items = await rowsOf(table, key("ISSUER", organizationId), "SUBSCRIPTION#");
    return items.filter((item) => !isDeleted(item));
  };
  return {
    async create(subscription) {
      await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(rowOf(subscription)) }));
    },

    async get(organizationId, subscriptionId) {
      const item = await getRow(table, subscriptionKey(organizationId, subscriptionId));
      return item === undefined || isDeleted(item) ? undefined : wholeFromItem(subscriptionSchema, item);
    },

    async list(organizationId) {
      return (await itemsOf(organizationId)).map((item) => fromItem(subscriber, item));
    },

    async listInFull(organizationId) {
      const items = await itemsOf(organizationId);
      return readableRows(table, items, (item) => wholeFromItem(subscriptionSchema, item));
    },

    update(subscription, seenRevision) {
      return putRow(table, rowOf(subscription), { condition: "revision = :seen", values: { ":seen": seenRevision } });
    },

    async delete(organizationId, subscriptionId, now) {
      const deleted = { organizationId, subscriptionId, deletedAt: now, outboxAt: now };
      const condition = "attribute_exists(pk) AND attribute_not_exists(deletedAt)";
      return (await putRow(table, rowOf(deleted), { condition })) === "done" ? "done" : "missing";
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
export function dynamoSubscriptionOutbox(table: Table): SubscriptionOutbox {
  const keyOf = ({ organizationId, subscriptionId }: SubscriptionKey) =>
    subscriptionKey(organizationId, subscriptionId);
  return {
    due(until, limit, position) {
      const after = position && { ...keyOf(position), at: position.outboxAt };
      return dueRows(table, "outbox", outbox, outboxRow, { until, limit, after });
    },

    async get(of) {
      const item = await getRow(table, keyOf(of));
      if (item === undefined) return undefined;
      return isDeleted(item) ? wholeFromItem(deletedSubscription, item) : wholeFromItem(subscriptionSchema, item);
    },

    async postpone(deleted) {
      await putRow(table, rowOf(deleted), isStillDeleted);
    },

    async remove(deleted) {
      await deleteRow(table, keyOf(deleted), isStillDeleted);
    },
  };
}

const isStillDeleted = { condition: "attribute_exists(deletedAt)" };
