import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { apiKey as apiKeySchema } from "../../core/access/api-key.ts";
import type { ApiKeyStore } from "../../core/access/ports.ts";
import { getRow, rowsOf } from "./rows.ts";
import { conditionally, fromItem, key, type RowKey, type Table, toItem } from "./table.ts";

/** One partition for all keys. An environment reads a key once a minute, so the partition stays far below its limit. */
const pk = "APIKEYS";

/** The timeout for recording a key's use, in milliseconds. The invocation waits for it. */
const lastUseTimeoutMs = 1_000;

/** API keys in the table. Secrets are stored as hashes. */
export function dynamoApiKeys(table: Table): ApiKeyStore {
  const { client, tableName } = table;
  const set = (keyId: string, update: string, condition: string, values: object, timeoutMs?: number) => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: toItem(rowKey(keyId)),
      UpdateExpression: update,
      ConditionExpression: condition,
      ExpressionAttributeValues: toItem(values),
    });
    const abort = timeoutMs === undefined ? {} : { abortSignal: AbortSignal.timeout(timeoutMs) };
    return conditionally(client.send(command, abort));
  };

  const store: ApiKeyStore = {
    async get(keyId) {
      const item = await getRow(table, rowKey(keyId));
      return item === undefined ? undefined : fromItem(apiKeySchema, item);
    },

    async create(apiKey) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: toItem({ ...rowKey(apiKey.keyId), ...apiKey }),
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );
    },

    async list() {
      const items = await rowsOf(table, pk, "KEY#");
      return items.map((item) => fromItem(apiKeySchema, item));
    },

    async expire(keyId, validUntil) {
      const outcome = await set(
        keyId,
        "SET validUntil = :validUntil",
        "attribute_exists(pk) AND (attribute_not_exists(validUntil) OR validUntil > :validUntil)",
        { ":validUntil": validUntil },
      );
      if (outcome === "done") return "done";
      return (await store.get(keyId)) === undefined ? "missing" : "done";
    },

    async revoke(keyId, now) {
      const update = "SET revokedAt = if_not_exists(revokedAt, :now)";
      const outcome = await set(keyId, update, "attribute_exists(pk)", { ":now": now });
      return outcome === "done" ? "done" : "missing";
    },

    async recordLastUse(keyId, day) {
      const condition = "attribute_exists(pk) AND (attribute_not_exists(lastUsedOn) OR lastUsedOn < :day)";
      await set(keyId, "SET lastUsedOn = :day", condition, { ":day": day }, lastUseTimeoutMs);
    },
  };
  return store;
}

function rowKey(keyId: string): RowKey {
  return { pk, sk: key("KEY", keyId) };
}
