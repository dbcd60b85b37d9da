import { dynamoStores } from "../support/dynamo-stores.ts";
import { memoryDynamoDb } from "../support/memory-dynamodb.ts";
import { describeStoreContracts } from "./store-contracts.ts";

describeStoreContracts("DynamoDB in memory", () => dynamoStores(memoryDynamoDb()));
