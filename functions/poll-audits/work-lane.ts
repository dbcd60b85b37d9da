import type { IssuerShard } from "../core/lanes.ts";
import type { AuditLanes, LanePosition } from "../core/ports.ts";
import type { KardGate } from "./kard-gate.ts";
import type { RowWork, workPage } from "./row-work.ts";

export interface WorkLaneOptions {
  lanes: AuditLanes;
  of: IssuerShard;
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
export function workLane({ lanes, of, gate, page, now, pageSize }: WorkLaneOptions) {
  return async (lane: "SUBMIT" | "RECHECK", work: RowWork): Promise<number | undefined> => {
    // The index may lag behind what has just been done: it shows such an audit once more.
    const seen = new Set<string>();
    let after: LanePosition | undefined;
    for (;;) {
      const listed = await lanes.due(lane, of, now, pageSize, after);
      const rows = listed.rows.filter(({ auditId }) => !seen.has(auditId));
      const outcomes = await page(rows, work);
      const left = rows[outcomes.indexOf("left")];
      if (left !== undefined || gate.stopReason() !== undefined) return left?.laneAt;
      for (const { auditId } of rows) seen.add(auditId);
      if (listed.next === undefined) return undefined;
      after = listed.next;
    }
  };
}
