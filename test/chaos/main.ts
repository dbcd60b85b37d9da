import "./quiet.ts";
import { parseArgs } from "node:util";
import { interleave } from "./interleavings.ts";
import { mutate } from "./mutate.ts";
import { pairsOfFaults } from "./pairs.ts";
import { type Fault, type FaultKind, faultKinds } from "./outside.ts";
import { simulate } from "./simulation.ts";
import { type Finding, findingOf, playAll, playNamed, singleFaults } from "./single-faults.ts";
import { readTableDefinition } from "./table-definition.ts";

const usage = `npm run chaos -- [singles|pairs|simulate|interleave] [--pairs N] [--steps N] [--orders N] [--seed N] [--json]
npm run chaos -- SCENARIO [--faults CALL:KIND,…]
npm run chaos -- mutants [NAME]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    bail: { type: "boolean" },
    faults: { type: "string" },
    pairs: { type: "string", default: "5000" },
    steps: { type: "string", default: "10000" },
    orders: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
  },
});
const [what] = positionals;
const seed = Number(values.seed);

function readFaults(text: string): Fault[] {
  return text.split(",").map((one) => {
    const [call, kind] = one.split(":");
    if (!faultKinds.includes(kind as FaultKind)) throw new Error(`${kind} is none of ${faultKinds.join()}`);
    return { call: Number(call), kind: kind as FaultKind };
  });
}

function show({ scenario, what: fault, violations, repeat }: Finding): void {
  console.log(`✗ ${scenario}: ${fault}`);
  for (const violation of violations) console.log(`    ${violation}`);
  console.log(`    again: ${repeat}`);
}

/** Tells what was found; gives how many violations that is. */
function report(findings: readonly Finding[]): number {
  for (const finding of findings.slice(0, 20)) show(finding);
  if (findings.length > 20) console.log(`… and ${findings.length - 20} more`);
  return findings.length;
}

async function proof() {
  const result = { scenarios: 0, calls: 0, faults: 0, pairs: 0, steps: 0, interleavings: 0, violations: 0 };
  const { calls, findings } = await playAll();
  const wanted = (name: string) =>
    (what === undefined || what === name) && !(values.bail === true && result.violations > 0);
  result.scenarios = calls.size;
  result.calls = [...calls.values()].reduce((sum, made) => sum + made.length, 0);
  result.violations += report(findings);
  console.log(`${result.scenarios} scenarios make ${result.calls} calls`);
  if (wanted("singles")) {
    const { faults, findings } = await singleFaults(calls, values.bail ? 1 : undefined);
    result.faults = faults;
    result.violations += report(findings);
    console.log(`${faults} single faults, each in a run of its own: ${findings.length} violations`);
  }
  if (wanted("pairs")) {
    const { pairs, findings } = await pairsOfFaults(calls, { pairs: Number(values.pairs), seed });
    result.pairs = pairs;
    result.violations += report(findings);
    console.log(`${pairs} pairs of faults, seed ${seed}: ${findings.length} violations`);
  }
  if (wanted("simulate")) {
    const { steps, findings } = await simulate({ steps: Number(values.steps), seed });
    result.steps = steps;
    result.violations += report(findings);
    console.log(`${steps} simulated steps, seed ${seed}: ${findings.length} violations`);
  }
  if (wanted("interleave")) {
    const { races, orders, findings } = await interleave({ orders: Number(values.orders), seed });
    result.interleavings = orders;
    result.violations += report(findings);
    console.log(`${races} races in ${orders} orders, seed ${seed}: ${findings.length} violations`);
  }
  return result;
}

await readTableDefinition();
if (what === "mutants") {
  const survivors = await mutate(positionals[1], console.log);
  console.log(`${survivors.length} defects were not caught`);
  if (survivors.length > 0) process.exitCode = 1;
} else if (what === undefined || ["singles", "pairs", "simulate", "interleave"].includes(what)) {
  const chaos = await proof();
  if (values.json) console.log(JSON.stringify({ chaos }));
  if (chaos.violations > 0) process.exitCode = 1;
} else {
  try {
    const faults = values.faults === undefined ? [] : readFaults(values.faults);
    const run = await playNamed(what, faults);
    show(findingOf(what, faults, run));
    if (run.violations.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exitCode = 1;
  }
}
