import type { Clock, RunInBackground } from "../shared/ports.ts";
import type { RequestCounts } from "./ports.ts";

/** The length of a counting window, in milliseconds. */
const windowMs = 10_000;

/**
 * An environment reports its count after using this share of the caller's remaining requests. So it reports more often
 * as the limit gets closer.
 */
const reportedPart = 1 / 50;

interface RequestCount {
  /** The count of all environments, including what this one has reported. */
  reported: number;
  /** This environment's count since its last report. */
  unreported: number;
}

/**
 * Limits each caller's request rate over all environments. Each environment counts in memory, and adds its count to the
 * shared one in the background. No request waits for that, few requests cause a call, and requests pass if the shared
 * count cannot be reached.
 *
 * @param perSecond requests per second, averaged over ten seconds
 * @returns a function called per request: `undefined` admits it; a number is the seconds until the next try
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
