const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The waits between attempts, about 75 hours in total. A notification fails after the last one. */
export const retryWaitsMs: readonly number[] = [
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
];

const jitter = 0.2;

/** The longest accepted `Retry-After` of a receiver. */
const maxRetryAfterMs = 24 * hours;

/**
 * The wait before the next attempt.
 *
 * @param attemptCount attempts so far, at least 1
 * @param random from 0 to 1: jitter of up to a fifth in both directions
 * @param retryAfterMs the receiver's `Retry-After`; it can only lengthen the wait
 * @returns milliseconds, or `undefined` if no attempt is left
 */
export function retryWaitMs(attemptCount: number, random: number, retryAfterMs = 0): number | undefined {
  const wait = retryWaitsMs[attemptCount - 1];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait * (1 - jitter + 2 * jitter * random), Math.min(retryAfterMs, maxRetryAfterMs)));
}
