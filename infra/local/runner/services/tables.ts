import { z } from "zod";
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

// Streams and local indexes are unknown keys, and refused: dynalite has no streams.
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

/** The stack's tables, `TableV2` (a global table with one replica) and `Table` alike. */
export function readTables(stack: StackResources): Table[] {
  return stack.ofType(["AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"], tableSchema);
}

/** Name of the partition key of the table with this ARN, or of the table of this index. */
export function partitionKeyOf(tables: readonly Table[], arn: string): string {
  const table = tables.find((candidate) => candidate.arn === arn.replace(/\/index\/.*$/, ""));
  return table?.properties.KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "";
}

/**
 * Creates the tables that the emulator does not have yet, and waits until it answers for them.
 * @throws when the emulator could not open its store, which it finds out no sooner.
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

/** dynalite sets a new table ACTIVE from a timer of its own. */
async function active(TableName: string, dynamodb: Emulator): Promise<void> {
  for (;;) {
    const { Table } = z
      .object({ Table: z.object({ TableStatus: z.string() }) })
      .parse(await callAws(dynamodb.send, "DynamoDB_20120810.DescribeTable", { TableName }));
    if (Table.TableStatus === "ACTIVE") return;
  }
}
