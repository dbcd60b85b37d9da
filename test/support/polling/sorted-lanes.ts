import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { AuditLanes, LanePosition, LaneRow } from "../../../functions/core/tracking/ports.ts";

function compare(a: LanePosition, b: LanePosition): number {
  return a.laneAt - b.laneAt || (a.auditId < b.auditId ? -1 : a.auditId > b.auditId ? 1 : 0);
}

/** Lane OPEN with very many unchanging audits of one organization. `rowsRead` counts the reads. */
export function sortedLanes(rows: readonly LaneRow[]): AuditLanes & { rowsRead: () => number } {
  const shards = Map.groupBy(rows, ({ auditId }) => shardOf(auditId));
  for (const shard of shards.values()) shard.sort(compare);
  let rowsRead = 0;

  /** Binary search: the first index for which `isBehind` holds. */
  const firstWhere = (shard: readonly LaneRow[], isBehind: (row: LaneRow) => boolean) => {
    let [low, high] = [0, shard.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = shard[middle];
      if (row !== undefined && isBehind(row)) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    rowsRead: () => rowsRead,
    async oldestOpen({ shard }) {
      return shards.get(shard)?.[0]?.laneAt;
    },
    async open({ shard: number }, { from, to }, after, limit) {
      const shard = shards.get(number) ?? [];
      const first = firstWhere(shard, (row) => (after === undefined ? row.laneAt >= from : compare(row, after) > 0));
      const found = shard.slice(first, first + limit).filter(({ laneAt }) => laneAt <= to);
      rowsRead += found.length;
      return { rows: found, next: found.length < limit ? undefined : found.at(-1), errors: [] };
    },
    async due() {
      return { rows: [], next: undefined, errors: [] };
    },
    async postpone() {},
  };
}
