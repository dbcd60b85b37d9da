import fc from "fast-check";
import { progressOf } from "./progress.ts";
import type { Run } from "./run.ts";
import { type Finding, findingOf, playNamed } from "./single-faults.ts";
import { type Fault, faultKinds } from "./world/outside.ts";

/** A second fault may hit a call that happens only because of the first. */
const longer = 1.3;

/** Runs scenarios with two random faults. fast-check shrinks failures. */
export async function pairsOfFaults(
  calls: ReadonlyMap<string, Run["calls"]>,
  { pairs, seed, bail }: { pairs: number; seed: number; bail: boolean },
): Promise<{ pairs: number; findings: Finding[] }> {
  const progress = progressOf("pairs of faults", pairs);
  const findings: Finding[] = [];
  const aPair = fc.constantFrom(...calls.keys()).chain((name) => {
    const aCall = fc.integer({ min: 1, max: Math.ceil((calls.get(name)?.length ?? 1) * longer) });
    const aFault = aCall.chain((call) => {
      const kinds = calls.get(name)?.[call - 1]?.kinds ?? faultKinds;
      return fc.constantFrom(...kinds).map((kind): Fault => ({ call, kind }));
    });
    return fc.tuple(
      fc.constant(name),
      fc.uniqueArray(aFault, { minLength: 2, maxLength: 2, selector: (fault) => fault.call }),
    );
  });
  const result = await fc.check(
    fc.asyncProperty(aPair, async ([name, faults]) => {
      progress.step();
      const run = await playNamed(name, faults);
      return run.violations.length === 0;
    }),
    { seed, numRuns: pairs, endOnFailure: bail },
  );
  progress.stop();
  if (result.counterexample !== null) {
    const [[name, faults]] = result.counterexample;
    findings.push(findingOf(name, faults, await playNamed(name, faults)));
  }
  return { pairs: result.numRuns, findings };
}
