import * as z from "zod";
import { callAws } from "../protocol/aws-client.ts";
import type { Emulator } from "./emulator.ts";
import { canonical, type Item, indexImage } from "./index-image.ts";
import type { Table } from "./tables.ts";

const pageSchema = z.object({
  Items: z.array(z.record(z.string(), z.record(z.string(), z.unknown()))),
  LastEvaluatedKey: z.unknown().optional(),
});

/**
 * Repairs the indexes after a kill. dynalite writes an index before the item, in several steps. So a killed runner can
 * leave index entries without an item, and items without an index entry. AWS does neither.
 * @returns how many items were rewritten.
 */
export async function repairIndexes(tables: readonly Table[], dynamodb: Emulator): Promise<number> {
  let repaired = 0;
  for (const table of tables) repaired += await repairTable(table, dynamodb);
  return repaired;
}

async function repairTable({ name: TableName, properties }: Table, dynamodb: Emulator): Promise<number> {
  const tableKeys = properties.KeySchema.map(({ AttributeName }) => AttributeName);
  const keyOf = (item: Item): Item => Object.fromEntries(tableKeys.map((key) => [key, item[key] ?? {}]));
  const call = (action: string, input: object) =>
    callAws(dynamodb.send, `DynamoDB_20120810.${action}`, { TableName, ...input });

  async function* scan(input: object): AsyncGenerator<Item> {
    for (let start: object = {}; ; ) {
      const { Items, LastEvaluatedKey } = pageSchema.parse(await call("Scan", { ...input, ...start }));
      yield* Items;
      if (LastEvaluatedKey === undefined) return;
      start = { ExclusiveStartKey: LastEvaluatedKey };
    }
  }

  /** Writes the item with a stale entry's keys, then as it is: dynalite then deletes that entry and puts all others. */
  async function rewrite(key: Item, item: Item | undefined, stale: readonly Item[]): Promise<void> {
    for (const entry of stale) await call("PutItem", { Item: entry });
    await (item === undefined ? call("DeleteItem", { Key: key }) : call("PutItem", { Item: item }));
  }

  const entries = new Map<string, Map<string, Item[]>>();
  for (const { IndexName } of properties.GlobalSecondaryIndexes) {
    const byItem = new Map<string, Item[]>();
    for await (const entry of scan({ IndexName })) {
      const key = canonical(keyOf(entry));
      byItem.set(key, [...(byItem.get(key) ?? []), entry]);
    }
    entries.set(IndexName, byItem);
  }

  const broken: { key: Item; item: Item | undefined; stale: Item[] }[] = [];
  for await (const item of scan({})) {
    const key = canonical(keyOf(item));
    const stale: Item[] = [];
    let lost = false;
    for (const index of properties.GlobalSecondaryIndexes) {
      const expected = indexImage(item, index, tableKeys);
      const found = entries.get(index.IndexName)?.get(key) ?? [];
      entries.get(index.IndexName)?.delete(key);
      const wrong = found.filter((entry) => canonical(entry) !== canonical(expected));
      stale.push(...wrong);
      lost ||= expected !== undefined && wrong.length === found.length;
    }
    if (lost || stale.length > 0) broken.push({ key: keyOf(item), item, stale });
  }
  for (const byItem of entries.values()) {
    for (const stale of byItem.values()) {
      const [entry = {}] = stale;
      broken.push({ key: keyOf(entry), item: undefined, stale });
    }
  }
  for (const { key, item, stale } of broken) await rewrite(key, item, stale);
  return broken.length;
}
