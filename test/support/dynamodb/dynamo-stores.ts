import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { openTable, type Table } from "../../../functions/adapters/dynamodb/table/table.ts";
import { dynamoAuditRemoval } from "../../../infra/commands/users/audit-removal.ts";
import { createDeployedTable } from "./dynamo-table.ts";
import { storesOf } from "./stores-of-table.ts";

/** A client of an emulator. */
export function emulatorClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region: "eu-west-1", credentials });
}

let tables = 0;

/** Creates a table on an emulator. */
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

/** All store ports on one new table. */
export async function dynamoStores(client: DynamoDBClient) {
  const table = await newTable(client);
  return { ...storesOf(table), auditRemoval: dynamoAuditRemoval(table), close: table.close };
}
