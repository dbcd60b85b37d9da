import type { AuditLanes, LaneRow } from "../core/ports.ts";
import type { KardGate } from "./kard-gate.ts";
import type { RowWork, workPage } from "./row-work.ts";

export interface WorkLaneOptions {
  lanes: AuditLanes;
  shard: number;
  gate: KardGate;
  page: ReturnType<typeof workPage>;
  /** When the tick began. */
  now: number;
  pageSize: number;
}

/**
 * Works through the audits of a lane whose time has come, longest waiting first, each at most once.
 *
 * @returns since when the longest waiting of those that were left has been due, in epoch milliseconds
 */
export function workLane({ lanes, shard, gate, page, now, pageSize }: WorkLaneOptions) {
  return async (lane: "SUBMIT" | "RECHECK", work: RowWork): Promise<number | undefined> => {
    // The index may lag behind what has just been done: it shows such an audit once more.
    const seen = new Set<string>();
    const nameOf = ({ organizationId, auditId }: LaneRow) => `${organizationId}#${auditId}`;
    for (;;) {
      const rows = (await lanes.due(lane, shard, now, pageSize)).filter((row) => !seen.has(nameOf(row)));
      if (rows.length === 0) return undefined;
      const outcomes = await page(rows, work);
      const left = rows[outcomes.indexOf("left")];
      if (left !== undefined || gate.stopReason() !== undefined) return left?.laneAt;
      for (const row of rows) seen.add(nameOf(row));
    }
  };
}
