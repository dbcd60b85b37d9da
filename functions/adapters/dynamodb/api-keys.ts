import { apiKey as apiKeySchema } from "../../core/access/api-key.ts";
import type { ApiKeyStore } from "../../core/access/ports.ts";
import { getRow, putRow, rowsOf, updateRow } from "./table/rows.ts";
import { fromItem, key, type RowKey, type Table } from "./table/table.ts";

/** One partition for all keys. An environment reads a key once a minute, so the partition stays far below its limit. */
const pk = "APIKEYS";

/** The timeout for recording a key's use, in milliseconds. The invocation waits for it. */
const lastUseTimeoutMs = 1_000;

/** API keys in the table. Secrets are stored as hashes. */
export function dynamoApiKeys(table: Table): ApiKeyStore {
  const store: ApiKeyStore = {
    async get(keyId) {
      const item = await getRow(table, rowKey(keyId));
      return item === undefined ? undefined : fromItem(apiKeySchema, item);
    },

    async create(apiKey) {
      const row = { ...rowKey(apiKey.keyId), ...apiKey };
      const put = await putRow(table, row, { condition: "attribute_not_exists(pk)" });
      if (put === "stale") throw new Error("an API key with this id exists");
    },

    async list() {
      const items = await rowsOf(table, pk, "KEY#");
      return items.map((item) => fromItem(apiKeySchema, item));
    },

    async expire(keyId, validUntil) {
      const outcome = await updateRow(table, rowKey(keyId), "SET validUntil = :validUntil", {
        condition: "attribute_exists(pk) AND (attribute_not_exists(validUntil) OR validUntil > :validUntil)",
        values: { ":validUntil": validUntil },
      });
      if (outcome === "done") return "done";
      return (await store.get(keyId)) === undefined ? "missing" : "done";
    },

    async revoke(keyId, now) {
      const update = "SET revokedAt = if_not_exists(revokedAt, :now)";
      const guard = { condition: "attribute_exists(pk)", values: { ":now": now } };
      const outcome = await updateRow(table, rowKey(keyId), update, guard);
      return outcome === "done" ? "done" : "missing";
    },

    async recordLastUse(keyId, day) {
      await updateRow(table, rowKey(keyId), "SET lastUsedOn = :day", {
        condition: "attribute_exists(pk) AND (attribute_not_exists(lastUsedOn) OR lastUsedOn < :day)",
        values: { ":day": day },
        timeoutMs: lastUseTimeoutMs,
      });
    },
  };
  return store;
}

function rowKey(keyId: string): RowKey {
  return { pk, sk: key("KEY", keyId) };
}
