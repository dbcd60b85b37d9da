import type { DueLane, IssuerShard } from "../core/shared/lanes.ts";
import type { AuditLanes, DuePosition, DueRow } from "../core/tracking/ports.ts";
import type { IssuerCalls } from "./kard/kard-calls.ts";
import type { Caller } from "./kard/kard-circuit-breaker.ts";
import type { LeasedShard } from "./leased-shard.ts";
import { sumOf, type WorkResult } from "./tick-counts.ts";
import type { PageResult, RowWork } from "./work-page.ts";

export interface WorkDueRowsOptions {
  lanes: AuditLanes;
  of: IssuerShard;
  leased: LeasedShard;
  calls: IssuerCalls;
  /** The kind of calls that the rows need. */
  caller: Caller;
  clock: () => number;
  /** The start of the tick. */
  now: number;
  pageSize: number;
  workPage(rows: readonly DueRow[], work: RowWork<DueRow>): Promise<PageResult>;
}

/** How long a row is postponed that can neither be processed nor moved, in milliseconds. */
const brokenRowWaitMs = 60 * 60_000;

/**
 * Processes the due rows of an issuer's lane in a shard, oldest first, each at most once. A row that can neither be
 * processed nor moved is postponed and does not delay the rows after it.
 */
export async function workDueRows(
  options: WorkDueRowsOptions,
  lane: DueLane,
  work: RowWork<DueRow>,
): Promise<WorkResult> {
  const { lanes, of, leased, calls, caller, now, pageSize } = options;
  const parts: WorkResult[] = [];
  let after: DuePosition | undefined;
  do {
    const listed = await lanes.due(lane, of, now, pageSize, after);
    const page = await options.workPage(listed.rows, work);
    const broken = listed.rows.filter((_, index) => page.rows[index] === "broken");
    parts.push({ counts: {}, errors: listed.errors }, page, await postpone(options, lane, broken));
    const left = listed.rows[page.rows.indexOf("unprocessed")] ?? listed.next;
    if (left !== undefined && (calls.isStopped(caller) || leased.isLost)) {
      parts.push({ counts: {}, errors: [], backlogSince: left.laneAt });
      break;
    }
    after = listed.next;
  } while (after !== undefined);
  return sumOf(parts);
}

async function postpone(
  { lanes, clock }: WorkDueRowsOptions,
  lane: DueLane,
  rows: readonly DueRow[],
): Promise<WorkResult> {
  const postponed = await Promise.allSettled(rows.map((row) => lanes.postpone(lane, row, clock() + brokenRowWaitMs)));
  const errors = postponed.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  return { counts: {}, errors };
}
