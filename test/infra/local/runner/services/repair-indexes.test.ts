import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { callAws } from "../../../../../infra/local/runner/protocol/aws-client.ts";
import { startEmulator } from "../../../../../infra/local/runner/services/emulator.ts";
import { repairIndexes } from "../../../../../infra/local/runner/services/repair-indexes.ts";
import { createTables, type Table } from "../../../../../infra/local/runner/services/tables.ts";

interface LevelStore extends AsyncDisposable {
  iterator(): AsyncIterable<[key: string, value: string]>;
  put(key: string, value: string): Promise<void>;
  del(key: string): Promise<void>;
  close(): Promise<void>;
}
const require = createRequire(import.meta.url);
const { Level }: { Level: new (path: string) => LevelStore } = createRequire(require.resolve("dynalite"))("level");

const key = (AttributeName: string) => [{ AttributeName, KeyType: "HASH" as const }];
const table: Table = {
  ...{ id: "Table", name: "Table", arn: "", dependsOn: [] },
  properties: {
    AttributeDefinitions: ["pk", "lane"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
    KeySchema: key("pk"),
    GlobalSecondaryIndexes: [
      { IndexName: "lanes", KeySchema: key("lane"), Projection: { ProjectionType: "KEYS_ONLY" } },
    ],
    BillingMode: "PAY_PER_REQUEST",
  },
};

test("removes index entries without an item, and adds missing entries", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "repair-"));
  const workerFile = new URL("../../../../../infra/local/runner/services/dynalite-worker.ts", import.meta.url);

  async function withEmulator<Result>(
    use: (call: (action: string, input: object) => Promise<unknown>) => Promise<Result>,
  ) {
    const dynamodb = await startEmulator(workerFile, { dataDir, region: "us-east-1" });
    await createTables([table], dynamodb);
    const repaired = () => repairIndexes([table], dynamodb);
    try {
      return await use((action, input) =>
        action === "repair"
          ? repaired()
          : callAws(dynamodb.send, `DynamoDB_20120810.${action}`, { TableName: "Table", ...input }),
      );
    } finally {
      await dynamodb.stop();
    }
  }
  async function withStore<Result>(use: (store: LevelStore) => Promise<Result>): Promise<Result> {
    const store = new Level(dataDir);
    return use(store).finally(() => store.close());
  }
  async function indexEntries(store: LevelStore): Promise<[string, string][]> {
    const entries: [string, string][] = [];
    for await (const entry of store.iterator()) if (entry[0].startsWith("index-")) entries.push(entry);
    return entries;
  }
  const put = (pk: string, lane?: string) => ({ Item: { pk: { S: pk }, ...(lane && { lane: { S: lane } }) } });

  await withEmulator(async (call) => {
    for (const pk of ["moved", "gone", "left", "sound"]) await call("PutItem", put(pk, "OLD"));
  });
  const old = await withStore(indexEntries);
  await withEmulator(async (call) => {
    await call("PutItem", put("moved", "NEW"));
    await call("PutItem", put("lost", "NEW"));
    await call("PutItem", put("left"));
    await call("DeleteItem", { Key: { pk: { S: "gone" } } });
  });
  // As after a kill: old entries exist again, and a new entry is missing.
  await withStore(async (store) => {
    for (const [entryKey, value] of old) await store.put(entryKey, value);
    for (const [entryKey, value] of await indexEntries(store)) if (value.includes('"lost"')) await store.del(entryKey);
  });

  await withEmulator(async (call) => {
    expect(await call("repair", {})).toBe(4);
    const { Items } = (await call("Scan", { IndexName: "lanes" })) as { Items: Record<string, { S: string }>[] };
    const rows = Items.map(({ pk, lane }) => `${pk?.S} ${lane?.S}`);
    expect(rows.sort()).toEqual(["lost NEW", "moved NEW", "sound OLD"]);
    expect(await call("Scan", { Select: "COUNT" })).toMatchObject({ Count: 4 });
    expect(await call("repair", {})).toBe(0);
  });
});
