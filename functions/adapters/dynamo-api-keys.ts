import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { apiKey as apiKeySchema } from "../core/api-key.ts";
import type { ApiKeyStore } from "../core/ports.ts";
import { fromItem, key, type Table, toItem } from "./dynamo-table.ts";

/** API keys in the table: their secrets are hashes. */
export function dynamoApiKeys({ client, tableName }: Table): ApiKeyStore {
  return {
    async get(keyId) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: toItem({ pk: key("APIKEY", keyId), sk: "APIKEY" }) }),
      );
      return item === undefined ? undefined : fromItem(apiKeySchema, item);
    },
    async create(apiKey) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: toItem({ pk: key("APIKEY", apiKey.keyId), sk: "APIKEY", ...apiKey }),
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );
    },
  };
}
