import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure.ts";

const everyMs = 200;

/**
 * Looks again and again until something is found.
 *
 * @throws Failure (unsettled) when the time is over
 */
export async function until<Found>(
  forMs: number,
  look: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> {
  const end = Date.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Failure("unsettled", `not within ${Math.round(forMs / 1_000)} seconds`);
    await sleep(everyMs);
  }
}
