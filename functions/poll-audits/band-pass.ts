import { type Band, bandKey, dueWindows, passEnd, type Window } from "../core/poll-plan.ts";
import type { AuditLanes, BandCursor, LanePosition, LaneRow, PollLease, PollLeases } from "../core/ports.ts";

/** One way through the audits of a shard that a band makes due, a page at a time. */
export interface BandPass {
  /** Reads the next page ahead; empty when the pass is done. */
  nextPage(): Promise<LaneRow[]>;
  /** Keeps the place behind the last of these rows; the pass goes on from there, in this tick or the next. */
  keep(finished: readonly LaneRow[]): Promise<void>;
  /** Ends the pass: the next begins where this one did end. */
  finish(): Promise<void>;
  /** The time from which on audits may have been due in this pass. */
  dueSince: number;
}

/** A clock that is set back further than this has been wrong before or is wrong now. */
const largestSetbackMs = 5 * 60_000;

export interface BandPassOptions {
  lanes: AuditLanes;
  leases: PollLeases;
  lease: PollLease;
  band: Band;
  /** The oldest acceptance time in the shard. */
  oldest: number;
  now: number;
  pageSize: number;
}

/** Begins a band's pass over a shard, or goes on with the one under way; `undefined` when nothing is due. */
export function bandPass(options: BandPassOptions): BandPass | undefined {
  const { lanes, leases, lease, band, oldest, now, pageSize } = options;
  const key = bandKey(band);
  const cursor = usable(lease.cursors[key] ?? {}, now);
  const until = cursor.until ?? passEnd(band, now);
  const windows = remaining(dueWindows(band, cursor.since, until, oldest), cursor.position);
  if (windows.length === 0 && cursor.until === undefined) return undefined;

  let position = cursor.position;
  const read = async (): Promise<LaneRow[]> => {
    for (let window = windows[0]; window !== undefined; window = windows[0]) {
      const after = position !== undefined && position.laneAt >= window.from ? position : undefined;
      const rows = await lanes.open(lease.shard, window, after, pageSize);
      const last = rows.at(-1);
      if (rows.length < pageSize) windows.shift();
      if (last === undefined) continue;
      position = { organizationId: last.organizationId, auditId: last.auditId, laneAt: last.laneAt };
      return rows;
    }
    return [];
  };

  const save = async (next: BandCursor) => {
    lease.cursors[key] = next;
    if ((await leases.saveCursor(lease, key, next)) === "stale") throw new Error("another poller has taken the shard");
  };

  return {
    dueSince: Math.max(cursor.since ?? 0, oldest + band.from),
    nextPage: read,
    async keep(finished) {
      const last = finished.at(-1);
      if (last === undefined) return;
      const { organizationId, auditId, laneAt } = last;
      await save({ since: cursor.since, until, position: { organizationId, auditId, laneAt } });
    },
    finish: () => save({ since: until }),
  };
}

/** A cursor from the future stops its band until the clock has caught up, unless that would take too long. */
function usable(cursor: BandCursor, now: number): BandCursor {
  return (cursor.since ?? 0) > now + largestSetbackMs ? {} : cursor;
}

/** The windows that are not behind the position yet. */
function remaining(windows: Window[], position: LanePosition | undefined): Window[] {
  return position === undefined ? windows : windows.filter(({ to }) => to >= position.laneAt);
}
