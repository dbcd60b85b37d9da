import type { Call, Fault } from "./outside.ts";
import type { Scenario } from "./scenarios.ts";
import { settle } from "./settle.ts";
import { judgeCleanRun, judgeEnd } from "./verdict.ts";
import { createWorld } from "./world.ts";

export interface Run {
  calls: readonly Call[];
  violations: readonly string[];
  struck: readonly string[];
}

/** Plays a scenario with these faults, lets everything come to rest, and judges it. */
export async function play(scenario: Scenario, faults: readonly Fault[] = []): Promise<Run> {
  const world = createWorld(faults);
  const { history, outside } = world;
  const work = async () => {
    await scenario.run(world);
    await settle(world);
  };
  try {
    await world.time.run(work());
  } catch (error) {
    history.violated(`it ended early: ${error instanceof Error ? error.stack : error}`);
  }
  judgeEnd(world);
  scenario.expect?.(world);
  if (faults.length === 0) judgeCleanRun(world);
  return { calls: outside.calls, violations: history.violations, struck: outside.struck };
}
