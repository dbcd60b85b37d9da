/**
 * What a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds, or an HTTP date).
 *
 * @param now epoch milliseconds, for a date
 * @param longestMs a longer wait is not believed and cut to this
 * @returns milliseconds from now, or `undefined` where nothing, or nothing readable, is asked
 */
export function readRetryAfter(
  header: string | string[] | undefined,
  now: number,
  longestMs: number,
): number | undefined {
  if (typeof header !== "string") return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestMs);
}
