import pMap from "p-map";
import { shards } from "../core/lanes.ts";

const rowsPerTurn = 500;
const atOnce = 10;

/**
 * Works on the due rows of all shards, some at once, and some of each shard in turn until none has any left: whoever has
 * many must not hold up the others until the next sweep.
 *
 * @param work takes a row out of those that are due, or throws
 * @param isOver whether to begin nothing new
 * @returns what the work on single rows threw: a row that cannot be worked on must not hold up those behind it
 */
export async function eachOfShards<Row>(
  due: (shard: number, limit: number) => Promise<Row[]>,
  work: (row: Row) => Promise<void>,
  isOver: () => boolean,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const guarded = async (row: Row) => {
    if (!isOver()) await work(row).catch((error: unknown) => void failures.push(error));
  };
  let unfinished: readonly number[] = shards;
  while (unfinished.length > 0 && !isOver()) {
    const again: number[] = [];
    for (const shard of unfinished) {
      const failedBefore = failures.length;
      const rows = await due(shard, rowsPerTurn);
      await pMap(rows, guarded, { concurrency: atOnce });
      // Rows of which none could be worked on are still there, before all others.
      if (rows.length === rowsPerTurn && failures.length - failedBefore < rows.length) again.push(shard);
    }
    unfinished = again;
  }
  return failures;
}
