const firstWaitMs = 5_000;
const maxWaitMs = 60 * 60_000;

/** How long a claimed submission is left to its claimer: longer than a function that submits may run. */
export const submitLeaseMs = 60_000;

/**
 * When an audit that Kard could not be asked about is handed over again.
 *
 * @param attempts tries made so far, at least 1
 * @param random from 0 to 1
 * @param retryAfterMs what Kard asked for; it can only put the try off
 * @returns milliseconds from now: 5 s doubling up to an hour, of which at most half is taken off at random
 */
export function submitWaitMs(attempts: number, random: number, retryAfterMs = 0): number {
  const wait = Math.min(firstWaitMs * 2 ** (attempts - 1), maxWaitMs);
  return Math.round(Math.max(wait * (1 - random / 2), retryAfterMs));
}
