import type { Audit } from "../../functions/core/audit.ts";
import { shardOf } from "../../functions/core/lanes.ts";
import type { AuditLanes, LanePosition, LaneRow, OutboxIndex } from "../../functions/core/ports.ts";
import { byName, type MemoryState, nameOf } from "./memory-state.ts";

interface PlacedAudit extends Audit {
  laneAt: number;
}

function compare(a: LanePosition, b: LanePosition): number {
  return a.laneAt - b.laneAt || byName(nameOf(a.organizationId, a.auditId), nameOf(b.organizationId, b.auditId));
}

function rowOf({ organizationId, auditId, laneAt, kardAuditId, status }: PlacedAudit): LaneRow {
  return { organizationId, auditId, laneAt, kardAuditId, status };
}

/** The lanes of the audits in memory. Like the table, it refuses to resume behind a row that is not in the window. */
export function memoryAuditLanes({ audits }: MemoryState): AuditLanes {
  const rows = (lane: Audit["lane"], shard: number, from: number, to: number): LaneRow[] =>
    [...audits.values()]
      .filter((audit): audit is PlacedAudit => audit.laneAt !== undefined && audit.lane === lane)
      .filter(({ auditId, laneAt }) => shardOf(auditId) === shard && laneAt >= from && laneAt <= to)
      .sort(compare)
      .map(rowOf);

  return {
    async oldestOpen(shard) {
      return rows("OPEN", shard, 0, Number.MAX_SAFE_INTEGER)[0]?.laneAt;
    },
    async open(shard, { from, to }, after, limit) {
      if (after !== undefined && (after.laneAt < from || after.laneAt > to)) {
        throw new Error("the starting key is outside the query's boundaries");
      }
      const behind = (row: LaneRow) => after === undefined || compare(row, after) > 0;
      return rows("OPEN", shard, from, to).filter(behind).slice(0, limit);
    },
    async due(lane, shard, now, limit) {
      return rows(lane, shard, 0, now).slice(0, limit);
    },
  };
}

/** The outbox of the audits in memory. */
export function memoryOutbox({ audits }: MemoryState): OutboxIndex {
  return {
    async due(shard, now, limit) {
      return [...audits.values()]
        .flatMap(({ organizationId, auditId, outboxAt }) =>
          outboxAt !== undefined && outboxAt <= now && shardOf(auditId) === shard
            ? [{ organizationId, auditId, laneAt: outboxAt }]
            : [],
        )
        .sort(compare)
        .slice(0, limit)
        .map(({ organizationId, auditId }) => ({ organizationId, auditId }));
    },
    async ofIssuer(organizationId) {
      return [...audits.values()]
        .filter((audit) => audit.outboxAt !== undefined && audit.organizationId === organizationId)
        .map(({ auditId }) => ({ organizationId, auditId }))
        .sort((a, b) => byName(a.auditId, b.auditId));
    },
  };
}
