import type { RetrySchedule } from "../subscriptions/delivery-options.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The waits between attempts by default, about 75 hours in total. A notification fails after the last one. */
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

/** Eight attempts in an hour. */
const fastWaitsMs = [5, 30, 120, 300, 600, 900, 1_650].map((wait) => wait * seconds);

/** Fourteen attempts in seven days: the default's, then one a day. */
const patientWaitsMs = [...retryWaitsMs, ...[24, 24, 24, 20].map((wait) => wait * hours)];

/** The waits of a retry schedule, in milliseconds. */
export function waitsOf(schedule: RetrySchedule = "default"): readonly number[] {
  if (typeof schedule !== "string") return schedule.map((wait) => wait * seconds);
  return { default: retryWaitsMs, fast: fastWaitsMs, patient: patientWaitsMs }[schedule];
}

const jitter = 0.2;

/** The longest accepted `Retry-After` of a receiver. */
const maxRetryAfterMs = 24 * hours;

/**
 * The wait before the next attempt.
 *
 * @param waitsMs the waits of the schedule
 * @param attemptCount attempts so far, at least 1
 * @param random from 0 to 1: jitter of up to a fifth in both directions
 * @param retryAfterMs the receiver's `Retry-After`; it can only lengthen the wait
 * @returns milliseconds, or `undefined` if no attempt is left
 */
export function retryWaitMs(
  waitsMs: readonly number[],
  attemptCount: number,
  random: number,
  retryAfterMs = 0,
): number | undefined {
  const wait = waitsMs[attemptCount - 1];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait * (1 - jitter + 2 * jitter * random), Math.min(retryAfterMs, maxRetryAfterMs)));
}
