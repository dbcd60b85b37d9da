import "./quiet.ts";
import { parseArgs } from "node:util";
import { interleave } from "./interleavings.ts";
import { pairsOfFaults } from "./pairs.ts";
import { scenarios } from "./scenarios.ts";
import { simulate } from "./simulation.ts";
import { type Finding, findingOf, playAll, playNamed, singleFaults } from "./single-faults.ts";
import { type Fault, type FaultKind, faultKinds } from "./world/outside.ts";
import { readTableDefinition } from "./world/table-definition.ts";

const usage = `npm run chaos -- [singles|pairs|simulate|interleave] [--pairs N] [--steps N] [--orders N] [--seed N] [--json]
npm run chaos -- SCENARIO [--faults CALL:KIND,…]
npm run chaos -- mutants [NAME] [--jobs N]
npm run chaos -- kill [--audits N] [--kills N] [--json]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    json: { type: "boolean" },
    bail: { type: "boolean" },
    faults: { type: "string" },
    singles: { type: "string" },
    pairs: { type: "string", default: "5000" },
    steps: { type: "string", default: "10000" },
    orders: { type: "string", default: "2000" },
    jobs: { type: "string", default: "1" },
    audits: { type: "string", default: "500" },
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
});
const [what] = positionals;
const seed = Number(values.seed);
/** Whether to stop at the first violation. */
const bail = values.bail === true;

function readFaults(text: string): Fault[] {
  return text.split(",").map((one) => {
    const [call, kind] = one.split(":");
    if (!faultKinds.includes(kind as FaultKind)) throw new Error(`${kind} is none of ${faultKinds.join()}`);
    return { call: Number(call), kind: kind as FaultKind };
  });
}

function show({ scenario, what: fault, violations, repeat }: Finding): void {
  console.log(`${violations.length > 0 ? "✗" : "✓"} ${scenario}: ${fault}`);
  for (const violation of violations) console.log(`    ${violation}`);
  console.log(`    again: ${repeat}`);
}

/** Prints the violations and returns their number. */
function report(findings: readonly Finding[]): number {
  for (const finding of findings.slice(0, 20)) show(finding);
  if (findings.length > 20) console.log(`… and ${findings.length - 20} more`);
  return findings.length;
}

async function proof() {
  await readTableDefinition();
  const result = { scenarios: 0, calls: 0, faults: 0, pairs: 0, steps: 0, interleavings: 0, violations: 0 };
  const { calls, findings } = await playAll();
  const wanted = (name: string) => (what === undefined || what === name) && !(bail && result.violations > 0);
  result.scenarios = Object.keys(scenarios).length;
  result.calls = [...calls.values()].reduce((sum, made) => sum + made.length, 0);
  result.violations += report(findings);
  console.log(
    `${result.scenarios} scenarios; ${calls.size} of them, with ${result.calls} calls, are played with faults`,
  );
  if (wanted("singles")) {
    const { faults, findings } = await singleFaults(calls, {
      ...(values.singles === undefined ? {} : { first: Number(values.singles) }),
      bail,
    });
    result.faults = faults;
    result.violations += report(findings);
    console.log(`${faults} single faults, each in a run of its own: ${findings.length} violations`);
  }
  if (wanted("pairs")) {
    const { pairs, findings } = await pairsOfFaults(calls, { pairs: Number(values.pairs), seed, bail });
    result.pairs = pairs;
    result.violations += report(findings);
    console.log(`${pairs} pairs of faults, seed ${seed}: ${findings.length} violations`);
  }
  if (wanted("simulate")) {
    const { steps, findings } = await simulate({ steps: Number(values.steps), seed, bail });
    result.steps = steps;
    result.violations += report(findings);
    console.log(`${steps} simulated steps, seed ${seed}: ${findings.length} violations`);
  }
  if (wanted("interleave")) {
    const { races, orders, findings } = await interleave({ orders: Number(values.orders), seed, bail });
    result.interleavings = orders;
    result.violations += report(findings);
    console.log(`${races} races in ${orders} orders, seed ${seed}: ${findings.length} violations`);
  }
  return result;
}

if (values.help) {
  console.log(usage);
} else if (what === "kill") {
  const { killAndRestart } = await import("./kill.ts");
  const killed = await killAndRestart({ audits: Number(values.audits), kills: Number(values.kills) });
  const { audits, kills, cutOff, atKard, resolved, published, delivered, seconds } = killed;
  console.log(`${audits} audits, killed ${kills} times, ${cutOff} requests cut off and repeated, ${seconds} s:`);
  console.log(`${atKard} at Kard, ${resolved} resolved, ${published} published, ${delivered} delivered;`);
  console.log(`${killed.publishedAgain} messages and ${killed.deliveredAgain} webhooks came more than once`);
  if ([atKard, resolved, published, delivered].some((count) => count !== audits)) process.exitCode = 1;
  if (values.json) console.log(JSON.stringify({ kill: killed }));
} else if (what === "mutants") {
  const { mutate } = await import("./mutate.ts");
  const jobs = Number(values.jobs);
  const { planted, survivors } = await mutate({ only: positionals[1], jobs }, console.log);
  console.log(`${planted} defects planted, ${planted - survivors.length} caught`);
  if (survivors.length > 0) process.exitCode = 1;
} else if (what === undefined || ["singles", "pairs", "simulate", "interleave"].includes(what)) {
  const chaos = await proof();
  if (values.json) console.log(JSON.stringify({ chaos }));
  if (chaos.violations > 0) process.exitCode = 1;
} else {
  try {
    await readTableDefinition();
    const faults = values.faults === undefined ? [] : readFaults(values.faults);
    const run = await playNamed(what, faults);
    show(findingOf(what, faults, run));
    if (run.violations.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exitCode = 1;
  }
}
