/**
 * Parses a `Retry-After` header (RFC 9110, 10.2.3: seconds, or an HTTP date).
 *
 * @param now epoch milliseconds, for a date
 * @param maxMs longer waits are cut to this
 * @returns milliseconds from now, or `undefined` if the header is missing or malformed
 */
export function readRetryAfter(header: string | string[] | undefined, now: number, maxMs: number): number | undefined {
  if (typeof header !== "string") return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : dateOf(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxMs);
}

/** All forms of an HTTP date (RFC 9110, 5.6.7) begin with the name of a day. `Date.parse` alone accepts much else. */
function dateOf(text: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
}
