import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { AuditLanes } from "../../../functions/core/tracking/ports.ts";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";

const minute = 60_000;
const days = 7;
const minutesADay = 1_440;

/**
 * Counts the reads of a lane by ticks every minute, for each day of a simulated week with the deployed plan. One old
 * audit exists, because ticks without audits read nothing.
 */
export async function countReadsADay(): Promise<number[]> {
  const world = pollerWorld({ pollPlan: deployedPlan });
  const { lanes } = world.deps;
  const reads = Array.from({ length: days }, () => 0);
  let day = 0;
  const open: AuditLanes["open"] = (...page) => {
    reads[day] = (reads[day] ?? 0) + 1;
    return lanes.open(...page);
  };

  const name = "old";
  await world.accept(name, 2 * 365 * minutesADay * minute);
  const shard = shardOf(name);
  const start = world.time.clock();
  await world.cleanTick(45, [shard]);
  world.deps.lanes = { ...lanes, open };
  for (let tick = 1; tick <= days * minutesADay; tick++) {
    day = Math.floor((tick - 1) / minutesADay);
    world.time.set(start + tick * minute);
    await world.cleanTick(45, [shard]);
  }
  return reads;
}
