/** How far the delays of calls on their way to Kard may differ, in milliseconds: name lookup, TLS, the network. */
export const networkSpreadMs = 100;

/**
 * The rate at which to start calls so that no second at Kard, wherever it begins, has more than `maxPerSecond` of
 * them.
 *
 * Calls that start at least `i` apart and arrive with delays that differ by at most `s` are at most `⌈(1000 + s) /
 * i⌉` in any 1,000 ms: so `i` is `(1000 + s) / maxPerSecond`.
 *
 * @param maxPerSecond whole calls
 * @param spreadMs how far the times from a call's turn to its arrival may differ, by all clocks that take part
 */
export function steadyRate(maxPerSecond: number, spreadMs: number): number {
  return maxPerSecond / (1 + spreadMs / 1_000);
}
