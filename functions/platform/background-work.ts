import { describe, logger } from "./logger.ts";

const underWay = new Set<Promise<void>>();

/** Runs work in the background of an invocation. Failures are logged and do not affect the request. */
export function runInBackground(work: Promise<unknown>): void {
  const settled = work.then(
    () => undefined,
    (error: unknown) => logger.warn("background work of a request failed", describe(error)),
  );
  underWay.add(settled);
  void settled.finally(() => underWay.delete(settled));
}

/**
 * Waits for all background work. Lambda freezes the environment when the invocation ends.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export async function settleBackgroundWork(): Promise<void> {
  await Promise.all(underWay);
}
