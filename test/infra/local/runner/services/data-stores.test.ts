import { expect, test } from "@jest/globals";
import { AwsCallError, callAws } from "../../../../../infra/local/runner/protocol/aws-client.ts";
import { type DynamoDbEmulator, openEmulators } from "../../../../../infra/local/runner/services/data-stores.ts";
import { partitionKeyOf, readExistingTables } from "../../../../../infra/local/runner/services/tables.ts";
import { hasJava } from "../../../../support/dynamodb/dynamodb-local.ts";

/** The service's response to a call that only DynamoDB Local implements. */
async function responseToTransactions(dynamodb: DynamoDbEmulator): Promise<unknown> {
  const options = { dataDir: undefined, region: "us-east-1", dynamodb };
  const running = new AsyncDisposableStack();
  try {
    const { dynamodb: service } = await openEmulators(options, running);
    await callAws(service.send, "DynamoDB_20120810.TransactGetItems", { TransactItems: [] });
  } catch (error) {
    if (error instanceof AwsCallError) return error.type;
    throw error;
  } finally {
    await running.disposeAsync();
  }
}

test("dynalite is the emulator of DynamoDB", async () => {
  expect(await responseToTransactions("dynalite")).toBe("UnknownOperationException");
});

test("a table that the template does not have is known by its partition key", async () => {
  const running = new AsyncDisposableStack();
  try {
    const options = { dataDir: undefined, region: "us-east-1" };
    const { dynamodb } = await openEmulators(options, running);
    await callAws(dynamodb.send, "DynamoDB_20120810.CreateTable", {
      TableName: "restored",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    });
    const tables = await readExistingTables([], dynamodb, (name) => `arn:of/${name}`);
    expect(partitionKeyOf(tables, "arn:of/restored/index/byDay")).toBe("id");
    expect(partitionKeyOf(tables, "arn:of/another")).toBe("");
  } finally {
    await running.disposeAsync();
  }
});

(hasJava() || process.env.CI !== undefined ? test : test.skip)("DynamoDB Local is the emulator if chosen", async () => {
  expect(await responseToTransactions("local")).toBe("ValidationException");
});
