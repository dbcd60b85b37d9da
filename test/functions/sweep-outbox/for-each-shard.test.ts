import { expect, test } from "@jest/globals";
import { type IssuerShard, shards } from "../../../functions/core/shared/lanes.ts";
import { forEachShard } from "../../../functions/sweep-outbox/for-each-shard.ts";

interface Row extends IssuerShard {
  row: number;
}

/** Due rows by issuer and shard. Processed rows are removed; `broken` rows fail. */
function rowsOf(counts: Record<string, Record<number, number>>, broken: (row: number) => boolean = () => false) {
  const left = new Map<string, Row[]>();
  for (const organizationId of Object.keys(counts)) {
    for (const shard of shards) {
      const length = counts[organizationId]?.[shard] ?? 0;
      left.set(
        `${organizationId} ${shard}`,
        Array.from({ length }, (_, row) => ({ organizationId, shard, row })),
      );
    }
  }
  const worked: Row[] = [];
  return {
    worked,
    issuers: { list: async () => Object.keys(counts) },
    async due({ organizationId, shard }: IssuerShard, limit: number, after: Row | undefined) {
      const behind = (left.get(`${organizationId} ${shard}`) ?? []).filter(({ row }) => row > (after?.row ?? -1));
      const rows = behind.slice(0, limit);
      return { rows, next: rows.length < limit ? undefined : rows.at(-1) };
    },
    async work(rows: readonly Row[]) {
      for (const row of rows) await workOn(row);
    },
    isOver: () => false,
  };

  async function workOn(row: Row) {
    if (broken(row.row)) throw new Error(`row ${row.row}`);
    worked.push(row);
    const name = `${row.organizationId} ${row.shard}`;
    left.set(name, left.get(name)?.filter((other) => other !== row) ?? []);
  }
}

test("all due rows of all shards of all issuers are processed once", async () => {
  const rows = rowsOf({ a: { 0: 3, 1: 1_600, 7: 500 }, b: { 1: 250 } });
  expect(await forEachShard(rows)).toEqual([]);
  expect(rows.worked).toHaveLength(2_353);
  expect(new Set(rows.worked).size).toBe(2_353);
});

test("one issuer's 100,000 rows do not delay another's one row", async () => {
  const many = Object.fromEntries(shards.map((shard) => [shard, 12_500]));
  const rows = rowsOf({ a: many, b: { 5: 1 } });
  await forEachShard({ ...rows, isOver: () => rows.worked.length >= 1_000 });
  expect(rows.worked.findIndex(({ organizationId }) => organizationId === "b")).toBeLessThan(16);
});

test("failing rows do not delay those after them, for any number of them", async () => {
  const rows = rowsOf({ a: { 2: 1_200 } }, (row) => row < 1_100);
  expect(await forEachShard(rows)).toHaveLength(1_100);
  expect(rows.worked).toHaveLength(100);
});

test("an unreadable shard does not delay others", async () => {
  const rows = rowsOf({ a: { 1: 10, 2: 10 }, b: { 1: 10 } });
  const { due } = rows;
  const throttled = new Error("throttled");
  rows.due = async (of, ...rest) => {
    if (of.organizationId === "a" && of.shard === 1) throw throttled;
    return due(of, ...rest);
  };
  expect(await forEachShard(rows)).toEqual([throttled]);
  expect(rows.worked).toHaveLength(20);
});

test("nothing new starts after the end", async () => {
  const rows = rowsOf({ a: { 0: 600, 1: 600 } });
  await forEachShard({ ...rows, isOver: () => rows.worked.length >= 20 });
  expect(rows.worked).toHaveLength(20);
});

test("rows are processed in batches, and those of a failed batch one by one", async () => {
  const rows = rowsOf({ a: { 0: 25 } }, (row) => row === 13);
  const sizes: number[] = [];
  const { work } = rows;
  const failures = await forEachShard({
    ...rows,
    rowsPerBatch: 10,
    async work(batch: readonly Row[]) {
      sizes.push(batch.length);
      if (batch.length > 1 && batch.some(({ row }) => row === 13)) throw new Error("one of them is broken");
      await work(batch);
    },
  });
  expect(failures).toEqual([new Error("row 13")]);
  expect(rows.worked).toHaveLength(24);
  expect(sizes.filter((size) => size > 1)).toEqual([10, 10, 5]);
});
