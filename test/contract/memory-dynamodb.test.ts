import { dynamoStores } from "../support/dynamodb/dynamo-stores.ts";
import { memoryDynamoDb } from "../support/dynamodb/memory-dynamodb.ts";
import { describeStoreContracts } from "./store-contracts.ts";

describeStoreContracts("DynamoDB in memory", () => dynamoStores(memoryDynamoDb()));
