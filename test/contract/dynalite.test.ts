import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll } from "@jest/globals";
import { startDynalite } from "../support/dynamodb/dynalite.ts";
import { dynamoStores, emulatorClient } from "../support/dynamodb/dynamo-stores.ts";
import { describeStoreContracts } from "./store-contracts.ts";

let client: DynamoDBClient;
let stop: () => Promise<void>;

beforeAll(async () => {
  const dynalite = await startDynalite();
  client = emulatorClient(dynalite.endpoint);
  stop = dynalite.stop;
});
afterAll(async () => {
  client.destroy();
  await stop();
});

describeStoreContracts("DynamoDB on dynalite", () => dynamoStores(client));
