import { describe, logger } from "./logger.ts";

const underWay = new Set<Promise<void>>();

/** Lets work go on beside the invocation. That it fails is logged, and is nobody else's matter. */
export function beside(work: Promise<unknown>): void {
  const settled = work.then(
    () => undefined,
    (error: unknown) => logger.warn("work beside a request failed", describe(error)),
  );
  underWay.add(settled);
  void settled.finally(() => underWay.delete(settled));
}

/** Waits for all of it: an environment freezes as soon as its invocation has ended. */
export async function allBeside(): Promise<void> {
  await Promise.all(underWay);
}
