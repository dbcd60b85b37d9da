/** How far the delays of calls on their way to Kard may differ, in milliseconds: name lookup, TLS, the network. */
const networkSpreadMs = 100;

/**
 * The rate at which to start calls so that no second at Kard, wherever it begins, has more than `mostPerSecond` of them.
 *
 * Calls that start at least `i` apart and arrive with delays that differ by at most `s` are at most `⌈(1000 + s) / i⌉` in
 * any 1,000 ms: so `i` is `(1000 + s) / mostPerSecond`.
 *
 * @param mostPerSecond whole calls
 * @param startSpreadMs how far a call may start from its turn, by all clocks that take part
 */
export function steadyRate(mostPerSecond: number, startSpreadMs: number): number {
  return mostPerSecond / (1 + (startSpreadMs + networkSpreadMs) / 1_000);
}
