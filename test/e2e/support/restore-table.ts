import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";

/** All rows of a table at one time. */
export type TableCopy = readonly Record<string, AttributeValue>[];

const rowsPerCall = 25;

/** Point-in-time recovery of the stack's table, through the calls of DynamoDB that the local stack has. */
export function tableRecovery({ DynamoDbEndpoint: endpoint, TableName }: LocalOutputs) {
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  return {
    async copy(): Promise<TableCopy> {
      const rows: Record<string, AttributeValue>[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
        rows.push(...Items);
      return rows;
    },
    /** Creates another table with the keys and indexes of the stack's, and the rows of a copy. */
    async restore(rows: TableCopy, to: string): Promise<void> {
      const { Table: { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes = [] } = {} } = await client.send(
        new DescribeTableCommand({ TableName }),
      );
      const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys, Projection }) => ({
        ...{ IndexName, KeySchema: keys, Projection },
      }));
      await client.send(
        new CreateTableCommand({
          ...{ TableName: to, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes: indexes },
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      for (let first = 0; first < rows.length; first += rowsPerCall) {
        const requests = rows.slice(first, first + rowsPerCall).map((Item) => ({ PutRequest: { Item } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { [to]: requests } }));
      }
    },
  };
}
