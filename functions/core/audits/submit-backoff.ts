const firstWaitMs = 5_000;
const maxWaitMs = 60 * 60_000;

/** The lease of a claimed submission: longer than a submitting function may run. */
export const submitLeaseMs = 60_000;

/**
 * The wait before the next submission.
 *
 * @param attempts tries so far, at least 1
 * @param random from 0 to 1
 * @param retryAfterMs Kard's `Retry-After`; it can only lengthen the wait
 * @returns milliseconds: 5 s doubling up to an hour, less up to half of it at random
 */
export function submitWaitMs(attempts: number, random: number, retryAfterMs = 0): number {
  const wait = Math.min(firstWaitMs * 2 ** (attempts - 1), maxWaitMs);
  return Math.round(Math.max(wait * (1 - random / 2), retryAfterMs));
}
