import * as z from "zod";
import { AwsCallError, callAws } from "../protocol/aws-client.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { Resource, StackResources } from "../template/stack-resources.ts";
import type { Emulator } from "./emulator.ts";

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));

const indexSchema = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

// Refuses streams and local indexes as unknown keys: dynalite has no streams.
const tableSchema = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(indexSchema).default([]),
  BillingMode: z.literal("PAY_PER_REQUEST").default("PAY_PER_REQUEST"),
  DeletionProtectionEnabled: ignored,
  OnDemandThroughput: ignored,
  WarmThroughput: ignored,
  WriteOnDemandThroughputSettings: ignored,
  PointInTimeRecoverySpecification: ignored,
  ContributorInsightsSpecification: ignored,
  Replicas: ignored,
  SSESpecification: ignored,
  TableClass: ignored,
  Tags: ignored,
  TimeToLiveSpecification: ignored,
});

export type Table = Resource<z.infer<typeof tableSchema>>;

/** The stack's tables: CDK's `TableV2` (a global table with one replica) and `Table`. */
export function readTables(stack: StackResources): Table[] {
  return stack.ofType(["AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"], tableSchema);
}

type KeyedTable = Pick<Table, "arn"> & { readonly properties: Pick<Table["properties"], "KeySchema"> };

/** Name of a table's partition key, by the ARN of the table or of one of its indexes. */
export function partitionKeyOf(tables: readonly KeyedTable[], arn: string): string {
  const table = tables.find((candidate) => candidate.arn === arn.replace(/\/index\/.*$/, ""));
  return table?.properties.KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "";
}

/** The emulator's tables that the template does not have: retained or restored ones. */
export async function readExistingTables(
  tables: readonly Table[],
  dynamodb: Emulator,
  arnOf: (name: string) => string,
): Promise<KeyedTable[]> {
  const { TableNames } = z
    .object({ TableNames: z.array(z.string()) })
    .parse(await callAws(dynamodb.send, "DynamoDB_20120810.ListTables", {}));
  const existing = TableNames.filter((name) => !tables.some((table) => table.name === name));
  return Promise.all(
    existing.map(async (TableName) => {
      const described = await callAws(dynamodb.send, "DynamoDB_20120810.DescribeTable", { TableName });
      const { Table } = z.object({ Table: z.object({ KeySchema: keySchema }) }).parse(described);
      return { arn: arnOf(TableName), properties: Table };
    }),
  );
}

/**
 * Creates missing tables in the emulator, and waits until they are active.
 * @throws if the emulator could not open its store: this is its first access.
 */
export async function createTables(tables: readonly Table[], dynamodb: Emulator): Promise<void> {
  await callAws(dynamodb.send, "DynamoDB_20120810.ListTables", {});
  for (const { name, properties } of tables) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = properties;
    try {
      await callAws(dynamodb.send, "DynamoDB_20120810.CreateTable", {
        TableName: name,
        AttributeDefinitions,
        KeySchema,
        BillingMode: "PAY_PER_REQUEST",
        ...(GlobalSecondaryIndexes.length === 0 ? {} : { GlobalSecondaryIndexes }),
      });
    } catch (error) {
      if (!(error instanceof AwsCallError && error.type === "ResourceInUseException")) throw error;
    }
    await active(name, dynamodb);
  }
}

/** dynalite sets a new table to ACTIVE from a timer. */
async function active(TableName: string, dynamodb: Emulator): Promise<void> {
  for (;;) {
    const { Table } = z
      .object({ Table: z.object({ TableStatus: z.string() }) })
      .parse(await callAws(dynamodb.send, "DynamoDB_20120810.DescribeTable", { TableName }));
    if (Table.TableStatus === "ACTIVE") return;
  }
}
