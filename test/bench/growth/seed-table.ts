import { createRequire } from "node:module";
import { join } from "node:path";
import { isOpen, rowsOfStoredAudit } from "./stored-audit.ts";

/**
 * Writes audits straight into the store of the embedded table, in its own format: through its API, a million audits
 * would take hours. The stack must be stopped.
 */
type Item = Record<string, unknown>;
type Write = { type: "put"; key: string; value: Item };

interface Dynalite {
  createKey(item: Item, table: object): string;
  getIndexActions(indexes: unknown, before: undefined, after: Item, table: object): { puts: Entry[] };
}
interface Entry {
  index: string;
  key: string;
  item: Item;
}
interface Store {
  get(key: string): Promise<{ GlobalSecondaryIndexes: unknown }>;
  batch(writes: Write[]): Promise<void>;
  close(): Promise<void>;
}

const load = createRequire(import.meta.url);
const dynalite = load("dynalite/db") as Dynalite;
const { Level } = createRequire(load.resolve("dynalite"))("level") as {
  Level: new (path: string, options: { valueEncoding: "json" }) => Store;
};
const auditsPerBatch = 500;
const progressEach = 100_000;

/** Stores the audits with the numbers from `first` to before `end`. Returns how many of them are open. */
export async function seedTable(
  options: { dataDir: string; tableName: string; organizationId: string; first: number; end: number },
  progress: (line: string) => void,
): Promise<number> {
  const { dataDir, tableName, organizationId, first, end } = options;
  const now = Date.now();
  const store = new Level(join(dataDir, "dynamodb"), { valueEncoding: "json" });
  let open = 0;
  try {
    const table = await store.get(`table~${tableName}`);
    const put = (key: string, value: Item): Write => ({ type: "put", key, value });
    const writesOf = (item: Item): Write[] => [
      put(`item-${tableName}~${dynalite.createKey(item, table)}`, item),
      ...dynalite
        .getIndexActions(table.GlobalSecondaryIndexes, undefined, item, table)
        .puts.map(({ index, key, item: entry }) => put(`index-global~${tableName}~${index}~${key}`, entry)),
    ];
    for (let begin = first; begin < end; begin += auditsPerBatch) {
      const writes: Write[] = [];
      for (let number = begin; number < Math.min(begin + auditsPerBatch, end); number++) {
        if (isOpen(number)) open++;
        for (const item of rowsOfStoredAudit(organizationId, number, now)) writes.push(...writesOf(item));
      }
      await store.batch(writes);
      if (begin > first && begin % progressEach === 0) progress(`${begin.toLocaleString("en")} audits are stored`);
    }
  } finally {
    await store.close();
  }
  return open;
}
