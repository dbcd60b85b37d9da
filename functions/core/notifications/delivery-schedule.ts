const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The waits between attempts; after the last of them a notification has failed. About 75 hours in all. */
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

/** The longest a receiver's `Retry-After` may put a retry off. */
const maxRetryAfterMs = 24 * hours;

/**
 * When a failed notification is tried again.
 *
 * @param attemptCount attempts made so far, at least 1
 * @param random from 0 to 1: the wait is cut or stretched by up to a fifth
 * @param retryAfterMs what the receiver asked for; it can only put the retry off
 * @returns milliseconds from now, or `undefined` when there is no attempt left
 */
export function retryWaitMs(attemptCount: number, random: number, retryAfterMs = 0): number | undefined {
  const wait = retryWaitsMs[attemptCount - 1];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait * (1 - jitter + 2 * jitter * random), Math.min(retryAfterMs, maxRetryAfterMs)));
}
