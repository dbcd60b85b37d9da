import type { Benchmark, BenchOptions, Description, Plot } from "../report/benchmark.ts";
import { coldStart } from "./cold-start.ts";
import { console } from "./console.ts";
import { cost } from "./cost.ts";
import { deliver } from "./deliver.ts";
import { endToEnd } from "./end-to-end.ts";
import { growth } from "./growth.ts";
import { isolation } from "./isolation.ts";
import { lists } from "./lists.ts";
import { peers } from "./peers.ts";
import { plan } from "./plan.ts";
import { poll } from "./poll.ts";
import { submit } from "./submit.ts";

/** A finished benchmark. `result` is what `--json` prints. */
export interface Finished {
  result: unknown;
  description: Description;
  plot?: Plot | undefined;
}

export interface Runnable {
  name: string;
  run(options: BenchOptions): Promise<Finished>;
}

/** All benchmarks, in the order of docs/benchmarks.md. */
export const benchmarks: readonly Runnable[] = [
  runnable(submit),
  runnable(deliver),
  runnable(poll),
  runnable(peers),
  runnable(growth),
  runnable(endToEnd),
  runnable(isolation),
  runnable(lists),
  runnable(console),
  runnable(coldStart),
  runnable(cost),
  runnable(plan),
];

function runnable<Result>(benchmark: Benchmark<Result>): Runnable {
  return {
    name: benchmark.name,
    async run(options) {
      const result = await benchmark.run(options);
      return { result, description: benchmark.describe(result), plot: benchmark.plot?.(result) };
    },
  };
}
