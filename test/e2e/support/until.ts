import { setTimeout as sleep } from "node:timers/promises";

const deadlineMs = 60_000;

/** Polls until a probe returns a value other than `undefined` and `false`, and returns it. */
export async function until<Found>(
  what: string,
  probe: () => Found | undefined | false | Promise<Found | undefined | false>,
  withinMs = deadlineMs,
): Promise<Found> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${withinMs / 1_000} seconds until ${what}`);
    await sleep(20);
  }
}
