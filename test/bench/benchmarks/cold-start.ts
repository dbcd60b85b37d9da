import { benchColdStart, type ColdStart } from "../cold-start/cold-start.ts";
import type { Benchmark } from "../report/benchmark.ts";

export const coldStart: Benchmark<ColdStart[]> = {
  name: "cold-start",

  run: ({ progress }) => benchColdStart(progress),

  describe(results) {
    return {
      about:
        "Imports of each function's bundle in fresh processes, beside a bare DynamoDB client that is bundled the same way.",
      figures: results.map(({ name, bytes, cpuMs, elapsedMs, ratio }, place) => ({
        what: name,
        result: `${(bytes / 1_000).toFixed(0)} KB, ${cpuMs.toFixed(0)} ms of CPU, ${elapsedMs.toFixed(0)} ms`,
        ...(place > 0 && { comparedTo: `${ratio.toFixed(2)} times the CPU time of the bare client` }),
      })),
      meaning: "The ratio is the CPU time of a cold start relative to the least that a function with a table loads.",
    };
  },
};
