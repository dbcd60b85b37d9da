import { expect, test } from "@jest/globals";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { AuditLanes } from "../../../functions/core/tracking/ports.ts";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";

const minute = 60_000;
const day = 1_440 * minute;
const name = "old";

test("passes without audits are saved, so a quiet day costs about seven reads a minute", async () => {
  const counts = await quietDay();
  // Windows a day: 288 x 23 + 48 x 24 + 12 x 83, and 1,440 of the youngest band, which have grown together.
  expect(counts.reads).toBeLessThanOrEqual(10_250);
  // One save for all bands that end together.
  expect(counts.saves).toBeLessThanOrEqual(288);
});

/** Ticks every minute of a day over a shard with one audit that is two years old. */
async function quietDay() {
  const world = pollerWorld({ pollPlan: deployedPlan });
  await world.accept(name, 2 * 365 * day);
  const shard = shardOf(name);
  const { lanes, cursors } = world.deps;
  const start = world.time.clock();
  await world.cleanTick(45, [shard]);
  const counts = { reads: 0, saves: 0 };
  const open: AuditLanes["open"] = (...page) => {
    counts.reads++;
    return lanes.open(...page);
  };
  const save: typeof cursors.save = (...given) => {
    counts.saves++;
    return cursors.save(...given);
  };
  world.deps.lanes = { ...lanes, open };
  world.deps.cursors = { ...cursors, save };
  for (let tick = 1; tick <= 1_440; tick++) {
    world.time.set(start + tick * minute);
    await world.cleanTick(45, [shard]);
  }
  return counts;
}
