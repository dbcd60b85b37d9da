import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoApiKeys } from "../../functions/adapters/dynamo-api-keys.ts";
import { dynamoAuditLanes, dynamoOutbox } from "../../functions/adapters/dynamo-audit-lanes.ts";
import { dynamoAuditListing } from "../../functions/adapters/dynamo-audit-listing.ts";
import { dynamoAudits } from "../../functions/adapters/dynamo-audits.ts";
import { dynamoDeliveryLane, dynamoHeldNotifications } from "../../functions/adapters/dynamo-notification-lanes.ts";
import { dynamoNotificationListing } from "../../functions/adapters/dynamo-notification-listing.ts";
import { dynamoNotifications } from "../../functions/adapters/dynamo-notifications.ts";
import { dynamoPollLeases } from "../../functions/adapters/dynamo-poll-leases.ts";
import { dynamoPushSubscriptions } from "../../functions/adapters/dynamo-push-subscriptions.ts";
import { dynamoRequestCounts } from "../../functions/adapters/dynamo-request-counts.ts";
import { dynamoSubscriptionOutbox, dynamoSubscriptions } from "../../functions/adapters/dynamo-subscriptions.ts";
import { openTable, type Table } from "../../functions/adapters/dynamo-table.ts";
import { createDeployedTable } from "./dynamo-table.ts";

/** A client of an emulator. */
export function emulatorClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region: "eu-west-1", credentials });
}

let tables = 0;

/** A new table on an emulator. */
export async function newTable(client: DynamoDBClient): Promise<Table & { close: () => Promise<void> }> {
  const tableName = `table-${++tables}`;
  await createDeployedTable(client, tableName);
  return {
    ...openTable(tableName, client),
    async close() {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
    },
  };
}

/** Every store port over one new table. */
export async function dynamoStores(client: DynamoDBClient) {
  const table = await newTable(client);
  return {
    audits: dynamoAudits(table),
    listing: dynamoAuditListing(table),
    lanes: dynamoAuditLanes(table),
    outbox: dynamoOutbox(table),
    leases: dynamoPollLeases(table),
    subscriptions: dynamoSubscriptions(table),
    subscriptionOutbox: dynamoSubscriptionOutbox(table),
    notifications: dynamoNotifications(table),
    notificationListing: dynamoNotificationListing(table),
    heldNotifications: dynamoHeldNotifications(table),
    deliveryLane: dynamoDeliveryLane(table),
    apiKeys: dynamoApiKeys(table),
    requestCounts: dynamoRequestCounts(table),
    pushSubscriptions: dynamoPushSubscriptions(table),
    close: table.close,
  };
}
