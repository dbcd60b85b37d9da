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

/** One pass over the due audits of a band in an issuer's shard, page by page. */
export interface BandPass {
  band: Band;
  /** The next page; it has no rows when the pass is done. */
  nextPage(): Promise<{ rows: LaneRow[]; errors: readonly unknown[] }>;
  /** Moves the cursor after the last of these rows. */
  advance(finished: readonly LaneRow[]): void;
  /** Ends the pass. The next one starts at its end. */
  finish(): void;
  /** When the most delayed audit fell due, of those that were due at `now` and are after the cursor. */
  dueSince(): Promise<number | undefined>;
}

export interface BandPassOptions {
  lanes: AuditLanes;
  of: IssuerShard;
  cursors: ShardCursors;
  pollPlan: PollPlan;
  /** The oldest acceptance time in the shard. */
  oldest: number;
  /** The start of the tick. */
  now: number;
  pageSize: number;
}

/**
 * A pass without audits is saved from this resolution on. Otherwise each tick until the band's next pass reads the same
 * empty windows again. A write costs as much as ten empty Queries.
 */
const minSavedResolutionMs = 5 * 60_000;

/** Starts or continues a band's pass over an issuer's shard; `undefined` if nothing is due. */
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
      if (isUnderWay || band.resolution >= minSavedResolutionMs) cursors.set(key, next);
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
      // A band without an earlier pass is only behind by each audit's last poll.
      return (await first(since ?? until - band.gap, until, kept)) ?? first(until, passEnd(band, now), undefined);
    },
  };
}

/**
 * A query can resume only after a row of its own window. DynamoDB refuses any other start key.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
function inside({ from }: { from: number }, position: LanePosition | undefined): LanePosition | undefined {
  return position !== undefined && position.laneAt >= from ? position : undefined;
}
