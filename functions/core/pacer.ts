/** How far a caller that was late may catch up, in milliseconds: timers are no finer than this. */
export const burstMs = 20;

/**
 * Keeps calls to a rate. The function it returns is asked before each call, and again only once that call's turn has
 * come: it takes the time (epoch milliseconds) and says how many milliseconds later the call's turn is.
 *
 * @param perSecond calls a second
 */
export function pacer(perSecond: number): (now: number) => number {
  const intervalMs = 1_000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  return (now) => {
    // No turn is further off than one interval, or a clock that was set back would have to catch up first.
    const turn = Math.min(Math.max(nextAt, now - burstMs), now + intervalMs);
    nextAt = turn + intervalMs;
    return Math.max(turn - now, 0);
  };
}
