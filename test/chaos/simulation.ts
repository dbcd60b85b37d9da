import fc from "fast-check";
import { progressOf } from "./progress.ts";
import { aStep, endpointKey, endpoints, type Step, take } from "./simulation-steps.ts";
import type { Finding } from "./single-faults.ts";
import { checkEndState } from "./world/checks/checks.ts";
import { type Call, type FaultKind, faultKinds } from "./world/outside.ts";
import { settle } from "./world/settle.ts";
import { createWorld } from "./world/world.ts";

const stepsPerRun = 100;
/** A fault, and the number of calls since the last one. */
const aFault = fc.record({ after: fc.integer({ min: 1, max: 150 }), kind: fc.constantFrom(...faultKinds) });
const aRun = fc.record({
  // A step shrinks to nothing.
  steps: fc.array(fc.option(aStep, { nil: undefined, freq: 1_000 }), {
    minLength: stepsPerRun,
    maxLength: stepsPerRun,
    size: "max",
  }),
  faults: fc.array(aFault, { maxLength: 40, size: "max" }),
});

/** Runs many audits, workers, faults and clock jumps at random. fast-check shrinks failures. */
export async function simulate({
  steps,
  seed,
  bail,
}: {
  steps: number;
  seed: number;
  bail: boolean;
}): Promise<{ steps: number; findings: Finding[] }> {
  const numRuns = Math.ceil(steps / stepsPerRun);
  const progress = progressOf("simulated runs", numRuns);
  const result = await fc.check(
    fc.asyncProperty(aRun, async (run) => {
      progress.step();
      return (await simulated(run)).length === 0;
    }),
    { seed, numRuns, endOnFailure: bail },
  );
  progress.stop();
  const findings: Finding[] = [];
  if (result.counterexample !== null) {
    const [run] = result.counterexample;
    findings.push({
      ...{ scenario: "simulation", faults: [], violations: await simulated(run) },
      what: JSON.stringify({ ...run, steps: run.steps.flatMap((one) => one ?? []) }),
      repeat: `npm run chaos -- simulate --seed ${seed} --steps ${result.numRuns * stepsPerRun}`,
    });
  }
  return { steps: result.numRuns * stepsPerRun, findings };
}

async function simulated({
  steps,
  faults,
}: {
  steps: readonly (Step | undefined)[];
  faults: readonly { after: number; kind: FaultKind }[];
}) {
  const world = createWorld();
  const { outside, history, time } = world;
  let calls = 0;
  const waiting = [...faults];
  let strikeAt = waiting[0]?.after ?? 0;
  outside.latency = () => (++calls * 37) % 180;
  outside.surprise = ({ kinds }: Call) => {
    const [next] = waiting;
    if (next === undefined || calls < strikeAt || !kinds.includes(next.kind)) return undefined;
    waiting.shift();
    strikeAt = calls + (waiting[0]?.after ?? 0);
    return next.kind;
  };
  const work = async () => {
    await world.subscribe("a");
    await world.subscribe("b", {
      eventNames: ["audit.closed", "subscription.disabled"],
      filters: { auditCodes: [3006] },
    });
    await world.subscribe("other-a", { organizationId: "other" });
    const beside: Promise<unknown>[] = [];
    for (const { step, beside: isBeside } of steps.flatMap((one) => one ?? [])) {
      const done = take(world, step);
      if (isBeside) beside.push(done);
      else await done;
    }
    await Promise.all(beside);
    outside.latency = undefined;
    outside.surprise = undefined;
    world.kard.setDown(false);
    // The owner replays what has failed for days.
    for (const { responses } of world.endpoints.all.values()) responses.length = 0;
    for (const name of endpoints) {
      await world.insist("subscriptions-api", (its) => its.update(endpointKey(name), { enabled: true }));
    }
    await settle(world);
  };
  try {
    await time.run(work());
  } catch (error) {
    history.violated(`it ended early: ${error instanceof Error ? error.stack : error}`);
  }
  checkEndState(world);
  return history.violations;
}
