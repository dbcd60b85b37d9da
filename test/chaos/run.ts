import type { Scenario } from "./scenario.ts";
import { checkEndState } from "./world/checks/checks.ts";
import { checkCleanRun } from "./world/checks/clean-run-check.ts";
import type { Call, Fault } from "./world/outside.ts";
import { settle } from "./world/settle.ts";
import { createWorld } from "./world/world.ts";

export interface Run {
  calls: readonly Call[];
  violations: readonly string[];
  struck: readonly string[];
}

async function transcriptOf({ run, transcript }: NonNullable<Scenario["reference"]>): Promise<string[]> {
  const world = createWorld();
  await world.time.run(run(world).then(() => settle(world)));
  return transcript(world);
}

/** Runs a scenario with faults, lets everything settle, and checks the result. */
export async function play(scenario: Scenario, faults: readonly Fault[] = []): Promise<Run> {
  const world = createWorld(faults, scenario.hasTargets);
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
  checkEndState(world);
  scenario.expect?.(world);
  if (scenario.reference !== undefined && outside.struck.length === 0) {
    const [found, wanted] = [scenario.reference.transcript(world), await transcriptOf(scenario.reference)];
    for (const line of found.filter((one) => !wanted.includes(one))) history.violated(`not in the reference: ${line}`);
    for (const line of wanted.filter((one) => !found.includes(one))) history.violated(`only in the reference: ${line}`);
    if (found.length !== wanted.length) history.violated(`${found.length} lines, in the reference ${wanted.length}`);
  }
  if (faults.length === 0) checkCleanRun(world);
  return { calls: outside.calls, violations: history.violations, struck: outside.struck };
}
