import pMap from "p-map";
import { shards } from "../core/lanes.ts";

const rowsPerShard = 500;
const atOnce = 10;

/**
 * Works on the due rows of all shards, some at once.
 *
 * @returns what the work on single rows threw: a row that cannot be worked on must not hold up those behind it
 */
export async function eachOfShards<Row>(
  due: (shard: number, limit: number) => Promise<Row[]>,
  work: (row: Row) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const guarded = (row: Row) => work(row).catch((error: unknown) => void failures.push(error));
  for (const shard of shards) await pMap(await due(shard, rowsPerShard), guarded, { concurrency: atOnce });
  return failures;
}
