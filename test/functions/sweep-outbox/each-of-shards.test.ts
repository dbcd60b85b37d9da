import { expect, test } from "@jest/globals";
import { shards } from "../../../functions/core/lanes.ts";
import { eachOfShards } from "../../../functions/sweep-outbox/each-of-shards.ts";

/** Due rows by their shard; what is worked on is taken out, and a row that is `broken` cannot be. */
function rowsOf(counts: Record<number, number>, broken: (row: number) => boolean = () => false) {
  const left = new Map(shards.map((shard) => [shard, Array.from({ length: counts[shard] ?? 0 }, (_, row) => row)]));
  const worked: { shard: number; row: number }[] = [];
  const due = async (shard: number, limit: number) =>
    (left.get(shard) ?? []).slice(0, limit).map((row) => ({ shard, row }));
  const work = async ({ shard, row }: { shard: number; row: number }) => {
    if (broken(row)) throw new Error(`row ${row}`);
    worked.push({ shard, row });
    left.set(
      shard,
      (left.get(shard) ?? []).filter((other) => other !== row),
    );
  };
  return { due, work, worked };
}
const never = () => false;

test("all due rows of all shards are worked on, however many there are", async () => {
  const { due, work, worked } = rowsOf({ 0: 3, 1: 1_600, 7: 500 });
  expect(await eachOfShards(due, work, never)).toEqual([]);
  expect(worked).toHaveLength(2_103);
});

test("a shard with many does not hold up the others", async () => {
  const { due, work, worked } = rowsOf({ 0: 1_600, 7: 1 });
  await eachOfShards(due, work, never);
  expect(worked.findIndex(({ shard }) => shard === 7)).toBe(500);
});

test("rows that cannot be worked on keep none of the others waiting, and end it", async () => {
  const some = rowsOf({ 2: 1_200 }, (row) => row < 10);
  expect(await eachOfShards(some.due, some.work, never)).toHaveLength(30);
  expect(some.worked).toHaveLength(1_190);
  const all = rowsOf({ 2: 1_200 }, () => true);
  expect(await eachOfShards(all.due, all.work, never)).toHaveLength(500);
});

test("nothing new is begun once it is over", async () => {
  const { due, work, worked } = rowsOf({ 0: 600, 1: 600 });
  await eachOfShards(due, work, () => worked.length >= 20);
  expect(worked).toHaveLength(20);
});
