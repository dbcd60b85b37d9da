import { expect, test } from "@jest/globals";
import { AwsCallError, callAws } from "../../../../../infra/local/runner/protocol/aws-client.ts";
import { type DynamoDbEmulator, openDataStores } from "../../../../../infra/local/runner/services/data-stores.ts";
import { hasJava } from "../../../../support/dynamodb-local.ts";

/** What the table's service says to a call that only the real one knows. */
async function saysOfTransactions(dynamodb: DynamoDbEmulator): Promise<unknown> {
  const options = { tables: [], queues: [], dataDir: undefined, region: "us-east-1", dynamodb };
  const running = new AsyncDisposableStack();
  try {
    const { dynamodb: service } = await openDataStores(options, running);
    await callAws(service.send, "DynamoDB_20120810.TransactGetItems", { TransactItems: [] });
  } catch (error) {
    if (error instanceof AwsCallError) return error.type;
    throw error;
  } finally {
    await running.disposeAsync();
  }
}

test("the table is on dynalite", async () => {
  expect(await saysOfTransactions("dynalite")).toBe("UnknownOperationException");
});

(hasJava() ? test : test.skip)("the table is on DynamoDB Local where that is asked for", async () => {
  expect(await saysOfTransactions("local")).toBe("ValidationException");
});
