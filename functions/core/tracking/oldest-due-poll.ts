import { type Band, bandKey, type PollPlan, passEnd, pollTime } from "./poll-plan.ts";
import type { BandCursor } from "./ports.ts";

/**
 * When the oldest poll fell due that the pollers have not made yet, of the open audits of an issuer's shard.
 *
 * @param cursors the pollers' progress in the shard
 * @param acceptedAt the acceptance times of the audits in lane OPEN, in epoch milliseconds
 * @returns a time that is not after `now`; `undefined` if no poll is due
 */
export function oldestDuePoll(
  plan: PollPlan,
  cursors: Readonly<Record<string, BandCursor>>,
  acceptedAt: readonly number[],
  now: number,
): number | undefined {
  let oldest = Number.POSITIVE_INFINITY;
  for (const band of plan.bands) {
    const { since, until, position } = cursors[bandKey(plan, band)] ?? {};
    // A band without an earlier pass is only behind by each audit's last poll.
    const start = since ?? (until ?? passEnd(band, now)) - band.gap;
    for (const accepted of acceptedAt) {
      // The pass under way goes from the oldest audit to the youngest, and has come to its position.
      const isPolled = until !== undefined && position !== undefined && accepted <= position.laneAt;
      const due = firstPollAfter(band, accepted, isPolled ? until : start);
      if (due !== undefined && due <= now) oldest = Math.min(oldest, due);
    }
  }
  return Number.isFinite(oldest) ? oldest : undefined;
}

/** The first poll time of an audit in a band after the end of a pass; `undefined` if the band ends before. */
function firstPollAfter(band: Band, acceptedAt: number, end: number): number | undefined {
  const step = Math.max(0, Math.floor((passEnd(band, end) - acceptedAt - band.from) / band.gap) + 1);
  const offset = band.from + step * band.gap;
  return offset > (band.to ?? Number.POSITIVE_INFINITY) ? undefined : pollTime(band, acceptedAt, offset);
}
