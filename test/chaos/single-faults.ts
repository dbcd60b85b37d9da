import { progressOf } from "./progress.ts";
import { play, type Run } from "./run.ts";
import { scenarios } from "./scenarios.ts";
import type { Fault } from "./world/outside.ts";

/** A run with violations, and how to repeat it. */
export interface Finding {
  scenario: string;
  faults: readonly Fault[];
  what: string;
  violations: readonly string[];
  repeat: string;
}

/** Each scenario without faults: its calls, if it runs with faults. */
export async function playAll(): Promise<{ calls: Map<string, Run["calls"]>; findings: Finding[] }> {
  const calls = new Map<string, Run["calls"]>();
  const findings: Finding[] = [];
  for (const name of Object.keys(scenarios)) {
    const run = await playNamed(name, []);
    if (scenarios[name]?.isPlayedWithFaults !== false) calls.set(name, run.calls);
    if (run.violations.length > 0) findings.push(findingOf(name, [], run));
  }
  return { calls, findings };
}

/** @throws if the scenario does not exist */
export async function playNamed(name: string, faults: readonly Fault[]): Promise<Run> {
  const scenario = scenarios[name];
  if (scenario === undefined)
    throw new Error(`there is no scenario ${name}; there are ${Object.keys(scenarios).join()}`);
  return play(scenario, faults);
}

export function findingOf(scenario: string, faults: readonly Fault[], { calls, violations }: Run): Finding {
  const what = faults.map(({ call, kind }) => `${kind} at call ${call}, ${calls[call - 1]?.name}`).join("; ");
  const given = faults.map(({ call, kind }) => `${call}:${kind}`).join();
  const repeat = `npm run chaos -- ${scenario}${given === "" ? "" : ` --faults ${given}`}`;
  return { scenario, faults, what: what || "no fault", violations, repeat };
}

/** A prime, so that every fault has its turn. */
const stride = 100_003;

/** Repeats each scenario for every call and every fault, or for a limited number of them. */
export async function singleFaults(
  calls: ReadonlyMap<string, Run["calls"]>,
  { first = Number.POSITIVE_INFINITY, bail = false }: { first?: number; bail?: boolean } = {},
): Promise<{ faults: number; findings: Finding[] }> {
  const findings: Finding[] = [];
  const all = [...calls].flatMap(([name, made]) =>
    made.flatMap(({ kinds }, index) => kinds.map((kind) => ({ name, fault: { call: index + 1, kind } }))),
  );
  const faults = Math.min(all.length, first);
  const progress = progressOf("single faults", faults);
  // In strides, so that a small sample covers the whole range.
  for (let position = 0; position < faults; position++) {
    const next = all[(position * stride) % all.length];
    if (next === undefined) break;
    const { name, fault } = next;
    const run = await playNamed(name, [fault]);
    progress.step();
    if (run.violations.length > 0) findings.push(findingOf(name, [fault], run));
    if (bail && findings.length > 0) break;
  }
  progress.stop();
  return { faults, findings };
}
