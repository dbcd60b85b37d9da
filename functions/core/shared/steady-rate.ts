/** The maximum difference between the delays of calls to Kard, in milliseconds: DNS, TLS and network. */
export const networkSpreadMs = 100;

/**
 * The rate for starting calls so that no second at Kard, at any offset, has more than `maxPerSecond` calls.
 *
 * If calls start at least `i` apart and their delays differ by at most `s`, then any 1,000 ms have at most `⌈(1000 + s)
 * / i⌉` calls. So `i` is `(1000 + s) / maxPerSecond`.
 *
 * @param maxPerSecond a whole number of calls
 * @param spreadMs how far the times from a call's slot to its arrival may differ, over all clocks
 */
export function steadyRate(maxPerSecond: number, spreadMs: number): number {
  return maxPerSecond / (1 + spreadMs / 1_000);
}
