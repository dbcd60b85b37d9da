import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoNotifications } from "../../../functions/adapters/dynamodb/notifications.ts";
import { dynamoSubscriptions } from "../../../functions/adapters/dynamodb/subscriptions.ts";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { deliveryGraceMs } from "../../../functions/core/publishing/notify-subscriptions.ts";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";
import type { OneFunction } from "../one-function.ts";

const golden = readFileSync(
  join(import.meta.dirname, "../../../docs/contract/examples/valid/audit.closed.json"),
  "utf8",
);

/** The body of every webhook that is measured. */
export const webhookBody = JSON.stringify(JSON.parse(golden));

export type FirstDelivery = Delivery & { createdAt: number };

/** The function has read a changed subscription again by then. */
export const subscriptionCacheMs = 2_500;

/** The first message about each notification, as publishing sends it. */
export function firstDeliveries({ organizationId, subscriptionId }: Subscription, count: number): FirstDelivery[] {
  const createdAt = Date.now();
  return Array.from({ length: count }, (_, number) => ({
    ...{ organizationId, auditId: `audit-${number}`, sequence: 1, subscriptionId, attemptCount: 0, createdAt },
    ...{ eventId: `evt_${number}_1`, eventName: "audit.closed", body: webhookBody },
  }));
}

/** The body of the message about a delivery that is due now. */
export function messageOf(delivery: FirstDelivery): string {
  return JSON.stringify({ ...delivery, createdAt: Date.now() });
}

/** Stores the subscription and the pending notifications, as publishing does before it sends their messages. */
export async function storeDeliveries(
  { awsEndpoint: endpoint, tableName }: Pick<OneFunction, "awsEndpoint" | "tableName">,
  subscription: Subscription,
  deliveries: readonly FirstDelivery[],
): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  const table = openTable(tableName, client);
  await dynamoSubscriptions(table).create(subscription);
  const pending = deliveries.map((delivery) => ({
    ...newNotification(delivery, delivery.createdAt),
    laneAt: delivery.createdAt + deliveryGraceMs,
  }));
  await dynamoNotifications(table).putNew(pending);
  client.destroy();
}
