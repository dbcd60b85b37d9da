import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { OutboxIndex, OutboxRow } from "../../../functions/core/publishing/ports.ts";
import { type IssuerShard, shardOf } from "../../../functions/core/shared/lanes.ts";
import type { LanePage } from "../../../functions/core/shared/ports.ts";
import { isAdoption } from "../../../functions/core/tracking/adoption.ts";
import type { AuditLanes, DuePosition, DueRow, LanePosition, LaneRow } from "../../../functions/core/tracking/ports.ts";
import { byName, type MemoryState, nameOf } from "./state.ts";

interface PlacedAudit extends Audit {
  laneAt: number;
}

function nameOfRow(row: DuePosition): string {
  return isAdoption(row)
    ? nameOf("ADOPTION", row.organizationId, row.kardAuditId)
    : nameOf("AUDIT", row.organizationId, row.auditId);
}

function compare(a: DuePosition, b: DuePosition): number {
  return a.laneAt - b.laneAt || byName(nameOfRow(a), nameOfRow(b));
}

function rowOf({ organizationId, auditId, laneAt, kardAuditId, status, dueAt }: PlacedAudit): LaneRow {
  return { organizationId, auditId, laneAt, kardAuditId, status, dueAt };
}

/** A page of ordered rows after `after`. Like DynamoDB, it has a next position whenever it stops at the limit. */
export function pageOf<Row, Position>(
  rows: readonly Row[],
  limit: number,
  isBehind: (row: Row, after: Position) => boolean,
  positionOf: (row: Row) => Position,
  after: Position | undefined,
): LanePage<Row, Position> {
  const left = rows.filter((row) => after === undefined || isBehind(row, after)).slice(0, limit);
  const last = left.at(-1);
  return { rows: left, next: last === undefined || left.length < limit ? undefined : positionOf(last) };
}

function positionOf({ organizationId, auditId, laneAt }: LanePosition): LanePosition {
  return { organizationId, auditId, laneAt };
}

function duePositionOf(row: DueRow): DuePosition {
  return isAdoption(row) ? row : positionOf(row);
}

/** The lanes of audits in memory. Like the table, it refuses to resume after a row outside of the window. */
export function memoryAuditLanes({ audits, adoptions }: MemoryState): AuditLanes {
  const rows = (lane: Audit["lane"], of: IssuerShard, from: number, to: number): LaneRow[] =>
    [...audits.values()]
      .filter((audit): audit is PlacedAudit => audit.lane === lane && audit.laneAt !== undefined)
      .filter((audit) => audit.laneAt >= from && audit.laneAt <= to && isIn(of, audit.organizationId, audit.auditId))
      .sort(compare)
      .map(rowOf);
  const adoptionRows = (of: IssuerShard, now: number): DueRow[] =>
    [...adoptions.values()]
      .filter(({ organizationId, kardAuditId, laneAt }) => laneAt <= now && isIn(of, organizationId, kardAuditId))
      .map(({ organizationId, kardAuditId, laneAt }) => ({ organizationId, kardAuditId, laneAt }));
  const isBehind = (row: DueRow, after: DuePosition) => compare(row, after) > 0;

  return {
    async oldestOpen(of) {
      return rows("OPEN", of, 0, Number.MAX_SAFE_INTEGER)[0]?.laneAt;
    },
    async open(of, { from, to }, after, limit) {
      if (after !== undefined && (after.laneAt < from || after.laneAt > to)) {
        throw new Error("the starting key is outside the query's boundaries");
      }
      return { ...pageOf(rows("OPEN", of, from, to), limit, isBehind, positionOf, after), errors: [] };
    },
    async due(lane, of, now, limit, after) {
      const adopting = lane === "SUBMIT" ? adoptionRows(of, now) : [];
      const due = [...rows(lane, of, 0, now), ...adopting].sort(compare);
      return { ...pageOf(due, limit, isBehind, duePositionOf, after), errors: [] };
    },
    async postpone(lane, row, laneAt) {
      if (isAdoption(row)) {
        const stored = adoptions.get(nameOf(row.organizationId, row.kardAuditId));
        if (lane === "SUBMIT" && stored?.laneAt === row.laneAt) stored.laneAt = laneAt;
        return;
      }
      const stored = audits.get(nameOf(row.organizationId, row.auditId));
      if (stored?.lane === lane && stored.laneAt === row.laneAt) stored.laneAt = laneAt;
    },
  };
}

const shardsById = new Map<string, number>();

/** `shardOf`, cached, because every query here calls it for every row. */
function rememberedShardOf(id: string): number {
  const shard = shardsById.get(id) ?? shardOf(id);
  shardsById.set(id, shard);
  return shard;
}

function isIn(of: IssuerShard, organizationId: string, id: string): boolean {
  return of.organizationId === organizationId && rememberedShardOf(id) === of.shard;
}

/** The outbox of audits in memory. */
export function memoryOutbox({ audits }: MemoryState): OutboxIndex {
  const compareRows = (a: OutboxRow, b: OutboxRow) => a.outboxAt - b.outboxAt || byName(a.auditId, b.auditId);
  return {
    async due(of, now, limit, after) {
      const rows = [...audits.values()]
        .flatMap(({ organizationId, auditId, outboxAt }) =>
          outboxAt !== undefined && outboxAt <= now ? [{ organizationId, auditId, outboxAt }] : [],
        )
        .filter(({ organizationId, auditId }) => isIn(of, organizationId, auditId))
        .sort(compareRows);
      return pageOf(
        rows,
        limit,
        (row, from: OutboxRow) => compareRows(row, from) > 0,
        (row) => row,
        after,
      );
    },
  };
}
