import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { App, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { createAuditTable } from "../../../infra/constructs/audit-table.ts";

type Definition = Pick<CreateTableCommandInput, "AttributeDefinitions" | "KeySchema" | "GlobalSecondaryIndexes">;

/** The table's definition in the template. */
function deployedDefinition(): Definition {
  const stack = new Stack(new App());
  createAuditTable(stack, "Table", { key: new Key(stack, "Key"), removalPolicy: RemovalPolicy.DESTROY });
  const [table] = Object.values(Template.fromStack(stack).findResources("AWS::DynamoDB::GlobalTable"));
  if (table === undefined) throw new Error("the template has no table");
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = table.Properties as Definition;
  return {
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    })),
  };
}

export const definition = deployedDefinition();

/** Creates a table like the deployed one and waits until it is active. */
export async function createDeployedTable(client: DynamoDBClient, tableName: string): Promise<void> {
  await client.send(new CreateTableCommand({ TableName: tableName, BillingMode: "PAY_PER_REQUEST", ...definition }));
  for (;;) {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (table?.TableStatus === "ACTIVE") return;
  }
}
