import { benchCost, type Cost, figuresOfCost } from "../cost/cost.ts";
import type { Benchmark } from "../report/benchmark.ts";

export const cost: Benchmark<Cost> = {
  name: "cost",

  run: ({ progress }) => benchCost(progress),

  describe: (result) => ({
    about:
      "What AWS would charge for an audit, counted on the local stack, at list prices without free tiers " +
      "([details](costs.md)).",
    figures: figuresOfCost(result),
    meaning:
      "The other ways to poll are priced with the same polls: an index of due times costs " +
      `${((result.alternatives.dueTimeIndex ?? Number.NaN) / (result.alternatives.here ?? Number.NaN)).toFixed(0)} times as much.`,
  }),
};
