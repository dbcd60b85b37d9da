import type { Clock } from "./ports.ts";

/** How far a caller that was late may catch up, in milliseconds: timers are no finer than this. */
const burstMs = 20;

/**
 * Keeps calls to a rate: each waits for its turn.
 *
 * @param perSecond calls a second
 * @param sleep waits that many milliseconds
 */
export function pacer(perSecond: number, clock: Clock, sleep: (ms: number) => Promise<unknown>) {
  const intervalMs = 1_000 / perSecond;
  let nextAt = 0;
  return async (): Promise<void> => {
    const now = clock();
    const turn = Math.max(nextAt, now - burstMs);
    nextAt = turn + intervalMs;
    if (turn > now) await sleep(turn - now);
  };
}
