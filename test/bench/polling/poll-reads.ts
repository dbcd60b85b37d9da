import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { AuditLanes } from "../../../functions/core/tracking/ports.ts";
import { deployedPlan } from "../../../infra/stage-defaults.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";

const minute = 60_000;
const days = 7;
const minutesADay = 1_440;

/** Reads by design for the deployed plan's bands, youngest first. */
const expected = ["17,280", "6,624", "1,152", "996", "<1"];

export interface BandReads {
  band: string;
  reads: number;
  expected: string;
}

/**
 * Counts the daily reads of a lane by ticks every minute, for each band of the deployed plan, over a simulated week.
 * One old audit exists, because ticks without audits read nothing.
 */
export async function countReadsADay(): Promise<BandReads[]> {
  const world = pollerWorld({ pollPlan: deployedPlan });
  const { lanes } = world.deps;
  const windows: number[] = [];
  const open: AuditLanes["open"] = (shard, window, after, limit) => {
    windows.push(window.to - window.from + 1);
    return lanes.open(shard, window, after, limit);
  };
  world.deps.lanes = { ...lanes, open };

  const name = "old";
  await world.accept(name, 2 * 365 * minutesADay * minute);
  const shard = shardOf(name);
  const start = world.time.clock();
  await world.cleanTick(45, [shard]);
  windows.length = 0;
  for (let tick = 1; tick <= days * minutesADay; tick++) {
    world.time.set(start + tick * minute);
    await world.cleanTick(45, [shard]);
  }

  // A band's windows are as long as its resolution; adjacent windows are merged.
  const shares = deployedPlan.bands.map(({ from, resolution }, index) => {
    const isLast = index === deployedPlan.bands.length - 1;
    const own = windows.filter((length) => (isLast ? length >= resolution : length === resolution));
    return { band: `from ${from / minute} min`, reads: own.length / days, expected: expected[index] ?? "" };
  });
  const counted = shares.reduce((sum, { reads }) => sum + reads * days, 0);
  if (Math.round(counted) !== windows.length) throw new Error(`${counted} of ${windows.length} reads are of a band`);
  return shares;
}
