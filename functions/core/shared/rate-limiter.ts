/** How much time a late caller may catch up, in milliseconds: the precision of timers. */
export const burstMs = 20;

/** Limits the rate of calls. Times are epoch milliseconds. */
export interface RateLimiter {
  /** Milliseconds from `now` until the next call may start; 0 if it may start at once. */
  waitMs(now: number): number;
  /** Counts a call that starts. */
  take(now: number): void;
  /** The number of started calls. */
  taken(): number;
}

/** A rate limiter with even spacing. It allows no burst after an idle time. */
export function rateLimiter(perSecond: number): RateLimiter {
  const intervalMs = 1_000 / perSecond;
  let taken = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  // At most one interval ahead, or a clock that was set back would have to catch up first.
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
