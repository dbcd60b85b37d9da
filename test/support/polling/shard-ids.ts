import { shardOf } from "../../../functions/core/shared/lanes.ts";

/** Ids of one shard, in no order. */
export function idsInShard(shard: number, count: number): string[] {
  const ids: string[] = [];
  for (let candidate = 0; ids.length < count; candidate++) {
    const id = `audit-${candidate}`;
    if (shardOf(id) === shard) ids.push(id);
  }
  return ids;
}
