import { afterEach, expect, test } from "@jest/globals";
import { AwsCallError, callAws } from "../../../infra/local/aws/aws-client.ts";
import { openDataStores } from "../../../infra/local/aws/data-stores.ts";
import { hasJava } from "../../support/dynamodb-local.ts";

const usual = process.env.KAT_DYNAMODB;
afterEach(() => {
  if (usual === undefined) delete process.env.KAT_DYNAMODB;
  else process.env.KAT_DYNAMODB = usual;
});

/** What the table's service says to a call that only the real one knows. */
async function saysOfTransactions(dynamodb: string): Promise<unknown> {
  process.env.KAT_DYNAMODB = dynamodb;
  const running = new AsyncDisposableStack();
  try {
    const { dynamodb: service } = await openDataStores([], [], undefined, "us-east-1", running);
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

test("another service than these is refused", async () => {
  await expect(saysOfTransactions("remote")).rejects.toThrow("KAT_DYNAMODB must be dynalite or local and not remote");
});
