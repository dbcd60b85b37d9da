import type { CallSchedule } from "../../core/shared/call-schedule.ts";
import type { Clock } from "../../core/shared/ports.ts";

/**
 * An issuer may send this many tests at once, such as an example of each event, and then one in each interval
 * (milliseconds).
 */
const burst = 15;
const intervalMs = 2_000;

export interface TestLimitDeps {
  /** Schedules shared by all environments. */
  callSchedule: CallSchedule;
  clock: Clock;
}

/**
 * Limits the tests of each issuer, over all environments. A test occupies an environment for as long as the endpoint
 * takes to respond, up to 15 seconds. So an issuer occupies 23 environments at most, whatever its endpoints do.
 *
 * @returns `undefined` admits the test; a number is the seconds until the next try
 * @throws if the schedule cannot be reached
 */
export function testLimit({ callSchedule, clock }: TestLimitDeps) {
  return async (organizationId: string): Promise<number | undefined> => {
    const { count } = await callSchedule.reserve({
      scheduleId: `${organizationId}/tests`,
      ...{ organizationId, calls: 1, intervalMs, now: clock() },
      // One issuer alone uses the schedule, so only the first half of the wait is for it. Nobody waits for a slot.
      maxWaitMs: 2 * (burst - 1) * intervalMs,
    });
    return count > 0 ? undefined : intervalMs / 1_000;
  };
}
