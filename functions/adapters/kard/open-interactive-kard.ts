import { setImmediate as nextTurn, setTimeout as timer } from "node:timers/promises";
import type * as z from "zod";
import { type InteractiveRateLimitDeps, interactiveRateLimit } from "../../core/kard/interactive-rate-limit.ts";
import { dynamoCallSchedule } from "../dynamodb/polling/call-schedule.ts";
import type { Table } from "../dynamodb/table/table.ts";
import type { interactiveKardEnvironment } from "../environment.ts";
import { type KardHooks, openKard } from "./open-kard.ts";

/**
 * Opens Kard for functions whose callers wait. All their environments share one rate limit per credential. A call that
 * cannot start in time gives `throttled`.
 */
export function openInteractiveKard(
  environment: z.output<typeof interactiveKardEnvironment>,
  table: Table,
  options: Pick<InteractiveRateLimitDeps, "clock" | "maxWaitMs" | "onRefused"> & KardHooks,
) {
  const { KARD_REQUESTS_PER_SECOND: callsPerSecond, KARD_ARRIVAL_SPREAD_MS: arrivalSpreadMs } = environment;
  const { reportError: onError } = options;
  return openKard(environment, options.clock, options, (credentials) =>
    interactiveRateLimit({
      ...options,
      onError,
      schedule: dynamoCallSchedule(table),
      credentials,
      sleep,
      callsPerSecond,
      arrivalSpreadMs,
    }),
  );
}

/** Without a wait, one turn of the event loop: a timer takes at least a millisecond, and most calls need no wait. */
function sleep(ms: number): Promise<unknown> {
  return ms > 0 ? timer(ms) : nextTurn();
}
