import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { startDynamoDbLocal } from "../../infra/local/runner/services/dynamodb-local.ts";
import { dynamoStores, emulatorClient } from "../support/dynamodb/dynamo-stores.ts";
import { hasJava } from "../support/dynamodb/dynamodb-local.ts";
import { describeStoreContracts } from "./store-contracts.ts";

const java = hasJava();

if (java || process.env.CI !== undefined) {
  describe("AWS's own DynamoDB Local", () => {
    let client: DynamoDBClient;
    let stop: () => Promise<void>;

    beforeAll(async () => {
      if (!java) throw new Error("DynamoDB Local needs java, and where CI is set it is not left out");
      const dynamoDbLocal = await startDynamoDbLocal(undefined);
      client = emulatorClient(`http://127.0.0.1:${dynamoDbLocal.port}`);
      stop = dynamoDbLocal.stop;
    });
    afterAll(async () => {
      client.destroy();
      await stop();
    });

    describeStoreContracts("DynamoDB on DynamoDB Local", () => dynamoStores(client));
  });
} else {
  test.todo("AWS's own DynamoDB Local: there is no java here");
}
