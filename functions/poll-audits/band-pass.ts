import type { IssuerShard } from "../core/lanes.ts";
import {
  type Band,
  bandKey,
  dueRanges,
  dueWindows,
  firstPassOldest,
  type PollPlan,
  passEnd,
  pollTime,
} from "../core/poll-plan.ts";
import type { AuditLanes, BandCursor, LanePosition, LaneRow, PollLease, PollLeases } from "../core/ports.ts";
import type { Tally } from "./tally.ts";

/** One way through the audits of a shard that a band makes due, a page at a time. */
export interface BandPass {
  band: Band;
  /** The next page, behind which one more is read at once; empty when the pass is done. */
  nextPage(): Promise<LaneRow[]>;
  /** Keeps the place behind the last of these rows; `stale` when another poller has taken the shard. */
  keep(finished: readonly LaneRow[]): Promise<"done" | "stale">;
  /** Ends the pass: the next begins where this one ends. */
  finish(): Promise<"done" | "stale">;
  /** When the most belated audit that was due at `now`, and that is not kept as finished, fell due. */
  dueSince(): Promise<number | undefined>;
  /** Settles when nothing is being read any more; it never rejects. */
  settled(): Promise<unknown>;
}

/** A clock that is set back further than this has been wrong before or is wrong now. */
const largestSetbackMs = 5 * 60_000;

export interface BandPassOptions {
  lanes: AuditLanes;
  leases: PollLeases;
  lease: PollLease;
  organizationId: string;
  pollPlan: PollPlan;
  /** The oldest acceptance time in the shard. */
  oldest: number;
  /** When the tick began. */
  now: number;
  pageSize: number;
  tally: Tally;
}

/** Begins a band's pass over a shard, or goes on with the one under way; `undefined` when nothing is due. */
export function bandPass(options: BandPassOptions, band: Band): BandPass | undefined {
  const { lanes, leases, lease, pollPlan, now, pageSize } = options;
  const of: IssuerShard = { organizationId: options.organizationId, shard: lease.shard };
  const key = `${options.organizationId}#${bandKey(pollPlan, band)}`;
  const cursor = usable(lease.cursors[key] ?? {}, options);
  if (cursor === undefined) return undefined;
  const { since, until = passEnd(band, now) } = cursor;
  const oldest = Math.max(options.oldest, since === undefined ? firstPassOldest(pollPlan, band, until) : 0);
  let kept = cursor.position;
  const windows = dueWindows(band, since, until, oldest).filter(({ to }) => kept === undefined || to >= kept.laneAt);
  if (windows.length === 0 && cursor.until === undefined) return undefined;

  let position = kept;
  const read = async (): Promise<LaneRow[]> => {
    for (let window = windows[0]; window !== undefined; window = windows[0]) {
      const { rows, next } = await lanes.open(of, window, inside(window, position), pageSize);
      if (next === undefined) windows.shift();
      position = next ?? rows.at(-1) ?? position;
      if (rows.length > 0) return rows;
    }
    return [];
  };
  const readAhead = () => {
    const page = read();
    // A failure is felt where the page is asked for.
    page.catch(() => undefined);
    return page;
  };
  let ahead = readAhead();

  const save = (next: BandCursor) => {
    lease.cursors[key] = next;
    return leases.saveCursor(lease, key, next);
  };

  return {
    band,
    async nextPage() {
      const page = await ahead;
      ahead = readAhead();
      return page;
    },
    async keep(finished) {
      const last = finished.at(-1);
      if (last === undefined) return "done";
      const { organizationId, auditId, laneAt } = last;
      kept = { organizationId, auditId, laneAt };
      return save({ since, until, position: kept });
    },
    finish: () => save({ since: until }),
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
    settled: () => ahead.catch(() => undefined),
  };
}

/** A query resumes behind a row of its own window only: DynamoDB refuses any other. */
function inside({ from }: { from: number }, position: LanePosition | undefined): LanePosition | undefined {
  return position !== undefined && position.laneAt >= from ? position : undefined;
}

/** A cursor from the future stops its band until the clock has caught up, unless that would take too long. */
function usable(cursor: BandCursor, { now, tally }: BandPassOptions): BandCursor | undefined {
  const ahead = (cursor.until ?? cursor.since ?? now) - now;
  if (ahead <= 0) return cursor;
  if (ahead <= largestSetbackMs) return undefined;
  tally.clockResets++;
  return {};
}
