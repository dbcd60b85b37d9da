import { expect, test } from "@jest/globals";
import { AwsCallError, callAws } from "../../../../../infra/local/runner/protocol/aws-client.ts";
import { type DynamoDbEmulator, openDataStores } from "../../../../../infra/local/runner/services/data-stores.ts";
import { hasJava } from "../../../../support/dynamodb/dynamodb-local.ts";

/** The service's response to a call that only DynamoDB Local implements. */
async function responseToTransactions(dynamodb: DynamoDbEmulator): Promise<unknown> {
  const options = { tables: [], queues: [], topics: [], dataDir: undefined, region: "us-east-1", dynamodb };
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

test("dynalite is the emulator of DynamoDB", async () => {
  expect(await responseToTransactions("dynalite")).toBe("UnknownOperationException");
});

(hasJava() ? test : test.skip)("DynamoDB Local is the emulator if chosen", async () => {
  expect(await responseToTransactions("local")).toBe("ValidationException");
});
