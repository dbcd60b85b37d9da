import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { dynamoApiKeys } from "../../../functions/adapters/dynamodb/api-keys.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";
import { localApiKey } from "../../../infra/local/local-api-key.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";
import { startDynalite } from "../../support/dynamodb/dynalite.ts";
import { newTable } from "../../support/dynamodb/dynamo-stores.ts";

const dataDir = mkdtempSync(join(tmpdir(), "local-api-key-"));
let dynalite: Awaited<ReturnType<typeof startDynalite>>;
let apiKeys: ApiKeyStore;
let start: (keep: boolean) => Promise<string>;

beforeAll(async () => {
  dynalite = await startDynalite();
  const { endpoint } = dynalite;
  const table = await newTable(new DynamoDBClient({ endpoint, ...operatorCredentials }));
  apiKeys = dynamoApiKeys(table);
  start = (keep) =>
    localApiKey({
      ...{ endpoint, tableName: table.tableName, organizationId: "org" },
      dataDir: keep ? dataDir : undefined,
    });
});
afterAll(async () => {
  rmSync(dataDir, { recursive: true });
  await dynalite.stop();
});

test("the key is reused at each start until it is revoked; its file has mode 600", async () => {
  const key = await start(true);
  expect(await start(true)).toBe(key);
  expect(statSync(join(dataDir, "api-key")).mode & 0o777).toBe(0o600);
  await apiKeys.revoke(key.slice(4, 16), Date.now());
  const next = await start(true);
  expect(next).not.toBe(key);
  expect(await start(true)).toBe(next);
});

test("without a data directory, each start creates a key", async () => {
  const key = await start(false);
  expect(await start(false)).not.toBe(key);
  expect(await apiKeys.get(key.slice(4, 16))).toMatchObject({ organizations: ["org"] });
});
