import { setTimeout as sleep } from "node:timers/promises";

const deadlineMs = 60_000;

/** Polls until a probe returns a value other than `undefined` and `false`, and returns it. */
export async function until<Found>(
  what: string,
  probe: () => Found | undefined | false | Promise<Found | undefined | false>,
  withinMs = deadlineMs,
): Promise<Found> {
  const begunAt = Date.now();
  const deadline = begunAt + withinMs;
  for (;;) {
    const startedAt = Date.now();
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    const now = Date.now();
    if (now > deadline) throw new Error(`waited ${withinMs / 1_000} seconds until ${what}`);
    // Probes leave the product most of the time for the work that the test waits for, and a long wait needs few.
    await sleep(Math.max(20, 3 * (now - startedAt), (now - begunAt) / 10));
  }
}
