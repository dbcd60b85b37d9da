import type { Clock, RunInBackground } from "../shared/ports.ts";
import type { RequestCounts } from "./ports.ts";

/** Requests are counted in windows of this length, in milliseconds. */
const windowMs = 10_000;

/**
 * An environment reports when it has counted this part of what its caller has left: the nearer the end, the oftener.
 */
const reportedPart = 1 / 50;

interface RequestCount {
  /** What is known of all environments, this one's reports included. */
  reported: number;
  /** What this environment has counted since its last report. */
  unreported: number;
}

/**
 * Keeps each caller to a rate, over all environments of the functions: each counts in memory, reports to the shared
 * count now and then, in parallel with the request, and learns from the answer what the others have counted. So few
 * requests cost a call, none waits for one, and where the count cannot be reached requests pass.
 *
 * @param perSecond requests a second, averaged over ten seconds
 * @returns asked at each request; `undefined` admits it, else the seconds after which to try again
 */
export function requestLimit(deps: {
  counts: RequestCounts;
  clock: Clock;
  runInBackground: RunInBackground;
  perSecond: number;
}) {
  const most = Math.max(1, Math.floor((deps.perSecond * windowMs) / 1_000));
  let current = Number.NaN;
  const requestCounts = new Map<string, RequestCount>();

  const report = async (callerId: string, count: RequestCount, window: number) => {
    const { unreported } = count;
    count.unreported = 0;
    count.reported += unreported;
    const sum = await deps.counts.add(callerId, window, unreported, (window + 2) * windowMs);
    count.reported = Math.max(count.reported, sum);
  };

  return (callerId: string): number | undefined => {
    const now = deps.clock();
    const window = Math.floor(now / windowMs);
    if (window !== current) requestCounts.clear();
    current = window;
    const count = requestCounts.get(callerId) ?? { reported: 0, unreported: 0 };
    requestCounts.set(callerId, count);
    if (count.reported + count.unreported >= most) return Math.ceil(((window + 1) * windowMs - now) / 1_000);
    count.unreported++;
    if (count.unreported >= (most - count.reported) * reportedPart)
      deps.runInBackground(report(callerId, count, window));
    return undefined;
  };
}
