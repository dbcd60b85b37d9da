import type { IssuerShard } from "../core/shared/lanes.ts";
import {
  type Band,
  bandKey,
  dueRanges,
  dueWindows,
  firstPassOldest,
  type PollPlan,
  passEnd,
  pollTime,
} from "../core/tracking/poll-plan.ts";
import type { AuditLanes, BandCursor, LanePosition, LaneRow } from "../core/tracking/ports.ts";
import type { ShardCursors } from "./shard-cursors.ts";

/** One way through the audits of an issuer's shard that a band makes due, a page at a time. */
export interface BandPass {
  band: Band;
  /** The next page; without rows when the pass is done. */
  nextPage(): Promise<{ rows: LaneRow[]; errors: readonly unknown[] }>;
  /** Moves the cursor behind the last of these rows. */
  advance(finished: readonly LaneRow[]): void;
  /** Ends the pass: the next begins where this one ends. */
  finish(): void;
  /** When the most belated audit that was due at `now`, and that the cursor has not passed, fell due. */
  dueSince(): Promise<number | undefined>;
}

export interface BandPassOptions {
  lanes: AuditLanes;
  of: IssuerShard;
  cursors: ShardCursors;
  pollPlan: PollPlan;
  /** The oldest acceptance time in the shard. */
  oldest: number;
  /** When the tick began. */
  now: number;
  pageSize: number;
}

/** Begins a band's pass over an issuer's shard, or goes on with the one under way; `undefined` when nothing is due. */
export function bandPass(options: BandPassOptions, band: Band): BandPass | undefined {
  const { lanes, of, cursors, pollPlan, now, pageSize } = options;
  const key = bandKey(pollPlan, band);
  const cursor = cursors.usable(key, now);
  if (cursor === undefined) return undefined;
  const { since, until = passEnd(band, now) } = cursor;
  const oldest = Math.max(options.oldest, since === undefined ? firstPassOldest(pollPlan, band, until) : 0);
  let kept = cursor.position;
  const windows = dueWindows(band, since, until, oldest).filter(({ to }) => kept === undefined || to >= kept.laneAt);
  if (windows.length === 0 && cursor.until === undefined) return undefined;
  let position = kept;
  let isUnderWay = cursor.until !== undefined;

  return {
    band,
    async nextPage() {
      const errors: unknown[] = [];
      for (let window = windows[0]; window !== undefined; window = windows[0]) {
        const page = await lanes.open(of, window, inside(window, position), pageSize);
        errors.push(...page.errors);
        position = page.next ?? page.rows.at(-1) ?? position;
        if (page.next === undefined) windows.shift();
        if (page.rows.length > 0) return { rows: page.rows, errors };
      }
      return { rows: [], errors };
    },
    advance(finished) {
      const last = finished.at(-1);
      if (last === undefined) return;
      const { organizationId, auditId, laneAt } = last;
      kept = { organizationId, auditId, laneAt };
      isUnderWay = true;
      cursors.set(key, { since, until, position: kept });
    },
    finish() {
      const next: BandCursor = { since: until };
      if (isUnderWay) cursors.set(key, next);
      else cursors.setUnsaved(key, next);
    },
    async dueSince() {
      const first = async (from: number, to: number, behind: LanePosition | undefined) => {
        let earliest = Number.POSITIVE_INFINITY;
        for (const range of dueRanges(band, from, to, oldest)) {
          if (earliest === pollTime(band, from, 1) || (behind !== undefined && range.to < behind.laneAt)) break;
          const { rows } = await lanes.open(of, range, inside(range, behind), 1);
          const [row] = rows;
          if (row !== undefined) earliest = Math.min(earliest, pollTime(band, row.laneAt, range.offset));
        }
        return Number.isFinite(earliest) ? earliest : undefined;
      };
      // A band that has never been passed through owes an audit no more than its last poll.
      return (await first(since ?? until - band.gap, until, kept)) ?? first(until, passEnd(band, now), undefined);
    },
  };
}

/** A query resumes behind a row of its own window only: DynamoDB refuses any other. */
function inside({ from }: { from: number }, position: LanePosition | undefined): LanePosition | undefined {
  return position !== undefined && position.laneAt >= from ? position : undefined;
}
