import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { progressOf } from "./progress.ts";
import { auditRaces } from "./races/audit-races.ts";
import { deliveryRaces } from "./races/delivery-races.ts";
import type { Race } from "./races/race.ts";
import type { Finding } from "./single-faults.ts";
import { checkEndState } from "./world/checks/checks.ts";
import { settle } from "./world/settle.ts";
import { createWorld } from "./world/world.ts";

/** Pairs of functions that work on the same items at the same time. */
export const races: Record<string, Race> = { ...auditRaces, ...deliveryRaces };

/** Runs each race in many orders of its calls, chosen by fast-check's scheduler. */
export async function interleave({ orders, seed, bail }: { orders: number; seed: number; bail: boolean }) {
  const findings: Finding[] = [];
  let played = 0;
  for (const [name, race] of Object.entries(races)) {
    const progress = progressOf(name, orders);
    let lastViolations: readonly string[] = [];
    const property = fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isOvertaken) => {
      progress.step();
      const violations = await raced(race, scheduler, isOvertaken);
      if (violations.length > 0) lastViolations = violations;
      return violations.length === 0;
    });
    const result = await fc.check(property, { seed, numRuns: orders, endOnFailure: bail });
    progress.stop();
    played += result.numRuns;
    if (result.counterexample === null) continue;
    const [scheduler, isOvertaken] = result.counterexample;
    findings.push({
      ...{ scenario: name, faults: [], what: `${isOvertaken ? "overtaken, " : ""}${scheduler}` },
      violations: [...lastViolations],
      repeat: `npm run chaos -- interleave --orders ${result.numRuns} --seed ${seed}`,
    });
  }
  return { races: Object.keys(races).length, orders: played, findings };
}

async function raced(race: Race, scheduler: fc.Scheduler, isOvertaken: boolean): Promise<readonly string[]> {
  const world = createWorld();
  const { outside, history, time } = world;
  await time.run(race.before(world));
  let over = false;
  outside.turn = ({ name }) => scheduler.schedule(Promise.resolve(), name);
  const racing = race.racers.map((racer) => racer(world));
  if (race.overtaken !== undefined && isOvertaken) {
    const { overtaken } = race;
    racing.push(
      scheduler.schedule(Promise.resolve(), "time passes").then(() => {
        outside.struck.push("time passes");
        time.set(time.clock() + overtaken);
      }),
    );
  }
  const all = Promise.all(racing).finally(() => {
    over = true;
  });
  for (;;) {
    // Both continue as far as possible, so that the scheduler can choose among all calls.
    await turn();
    if (over) break;
    // Later calls have later times.
    time.set(time.clock() + 1);
    if (scheduler.count() > 0) await scheduler.waitNext(1);
    else await time.run(world.wait(1));
  }
  await all;
  outside.turn = undefined;
  await time.run(settle(world));
  checkEndState(world);
  race.expect?.(world);
  return history.violations;
}
