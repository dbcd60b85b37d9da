/** How far a caller that was late may catch up, in milliseconds: timers are no finer than this. */
export const burstMs = 20;

/** Keeps calls to a rate. Times are epoch milliseconds. */
export interface RateLimiter {
  /** How many milliseconds after `now` the next call may begin; 0 if it may begin at once. */
  waitMs(now: number): number;
  /** Counts a call that begins. */
  take(now: number): void;
  /** How many calls have begun. */
  taken(): number;
}

/** A rate limiter for evenly spaced calls, without a burst after an idle time. */
export function rateLimiter(perSecond: number): RateLimiter {
  const intervalMs = 1_000 / perSecond;
  let taken = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  // No turn is further off than one interval, or a clock that was set back would have to catch up first.
  const turnAt = (now: number) => Math.min(Math.max(nextAt, now - burstMs), now + intervalMs);
  return {
    waitMs: (now) => Math.max(turnAt(now) - now, 0),
    take(now) {
      nextAt = turnAt(now) + intervalMs;
      taken++;
    },
    taken: () => taken,
  };
}
