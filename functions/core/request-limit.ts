import type { Beside, Clock, RequestCounts } from "./ports.ts";

/** Requests are counted in windows of this length, in milliseconds. */
const windowMs = 10_000;

/**
 * An environment reports when it has counted this part of what its caller has left: the nearer the end, the oftener.
 */
const reportedPart = 1 / 50;

interface Tally {
  /** What is known of all environments, this one's reports included. */
  reported: number;
  /** What this environment has counted since its last report. */
  unreported: number;
}

/**
 * Keeps each caller to a rate, over all environments of the functions: each counts in memory, reports to the shared
 * count now and then, beside the request, and learns from the answer what the others have counted. So few requests
 * cost a call, none waits for one, and where the count cannot be reached requests pass.
 *
 * @param perSecond requests a second, averaged over ten seconds
 * @returns asked at each request; `undefined` admits it, else the seconds after which to try again
 */
export function requestLimit(deps: { counts: RequestCounts; clock: Clock; beside: Beside; perSecond: number }) {
  const most = Math.max(1, Math.floor((deps.perSecond * windowMs) / 1_000));
  let current = Number.NaN;
  const tallies = new Map<string, Tally>();

  const report = async (callerId: string, tally: Tally, window: number) => {
    const { unreported } = tally;
    tally.unreported = 0;
    tally.reported += unreported;
    const sum = await deps.counts.add(callerId, window, unreported, (window + 2) * windowMs);
    tally.reported = Math.max(tally.reported, sum);
  };

  return (callerId: string): number | undefined => {
    const now = deps.clock();
    const window = Math.floor(now / windowMs);
    if (window !== current) tallies.clear();
    current = window;
    const tally = tallies.get(callerId) ?? { reported: 0, unreported: 0 };
    tallies.set(callerId, tally);
    if (tally.reported + tally.unreported >= most) return Math.ceil(((window + 1) * windowMs - now) / 1_000);
    tally.unreported++;
    if (tally.unreported >= (most - tally.reported) * reportedPart) deps.beside(report(callerId, tally, window));
    return undefined;
  };
}
