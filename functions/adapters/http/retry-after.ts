/**
 * What a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds, or an HTTP date).
 *
 * @param now epoch milliseconds, for a date
 * @param maxMs a longer wait is not believed and cut to this
 * @returns milliseconds from now, or `undefined` where nothing, or nothing readable, is asked
 */
export function readRetryAfter(header: string | string[] | undefined, now: number, maxMs: number): number | undefined {
  if (typeof header !== "string") return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : dateOf(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxMs);
}

/**
 * All three forms of an HTTP date (RFC 9110, 5.6.7) begin with a day's name; `Date.parse` takes much else for a date.
 */
function dateOf(text: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
}
