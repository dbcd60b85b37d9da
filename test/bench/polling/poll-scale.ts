import { setTimeout as sleep } from "node:timers/promises";
import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import { forgetCursors } from "./forget-cursors.ts";
import { withPollStack } from "./poll-stack.ts";
import { seedAudits } from "./seed-audits.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const sizes = [1_000, 10_000, 20_000, 100_000, 200_000];

/** Ages in each band but the last, none due again during the run. */
const ages = [12.5 * minute, 5.5 * hour, 33 * hour, 252 * hour];

/**
 * The deployed plan, but each tick goes through the youngest band, although ticks are less than a minute apart.
 */
const everyTick: PollPlan = {
  ...deployedPlan,
  bands: deployedPlan.bands.map((band, index) => (index === 0 ? { ...band, resolution: second } : band)),
};
const nextResolution = deployedPlan.bands[1]?.resolution ?? minute;

export interface ScaleResult {
  audits: number;
  /** Reads of a tick with all audits due, and of one with none due. */
  allDueReads: number;
  noneDueReads: number;
  allDueMs: number;
  maxHeapBytes: number;
}

/** Grows a table of open audits, and runs at each size one tick with all audits due and one with none due. */
export function benchScale(progress: (line: string) => void): Promise<ScaleResult[]> {
  return withPollStack({ latencyMs: 0, pollPlan: everyTick }, async ({ outputs, tick }) => {
    const results: ScaleResult[] = [];
    let audits = 0;
    for (const size of sizes) {
      progress(`seeding ${(size - audits).toLocaleString("en")} audits, to ${size.toLocaleString("en")}`);
      await seedAudits(outputs, { first: audits, count: size - audits, ages });
      audits = size;
      await forgetCursors(outputs);
      const allDue = await tick();
      if (allDue.polled !== size) throw new Error(`${allDue.polled} of ${size} due audits were polled`);
      await untilOneBandIsDue();
      await tick();
      await sleep(second);
      const noneDue = await tick();
      if (noneDue.polled !== 0) throw new Error(`${noneDue.polled} audits were polled, and none was due`);
      results.push({
        ...{ audits: size, allDueReads: allDue.tableCalls("Query"), noneDueReads: noneDue.tableCalls("Query") },
        ...{ allDueMs: allDue.ms, maxHeapBytes: allDue.maxHeapBytes },
      });
    }
    return results;
  });
}

/**
 * Waits until no other band than the youngest is due, because that would count in one size only.
 */
async function untilOneBandIsDue(): Promise<void> {
  const left = nextResolution - (Date.now() % nextResolution);
  if (left < 5 * second) await sleep(left);
}
