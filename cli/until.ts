import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure.ts";

const everyMs = 200;

/** Looks once. */
export type Look<Found> = () => Promise<Found | undefined> | Found | undefined;

/**
 * Polls until there is a result.
 *
 * @throws Failure (unsettled) after the timeout; an AbortError after `stop`
 */
export async function until<Found>(forMs: number, look: Look<Found>, stop: AbortSignal): Promise<Found> {
  const end = Date.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Failure("unsettled", `timeout after ${Math.round(forMs / 1_000)} seconds`);
    await sleep(everyMs, undefined, { signal: stop });
  }
}
