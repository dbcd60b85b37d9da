import { benchColdStart, type ColdStart } from "../cold-start/cold-start.ts";
import type { Benchmark } from "../report/benchmark.ts";

export const coldStart: Benchmark<ColdStart[]> = {
  name: "cold-start",

  run: ({ progress }) => benchColdStart(progress),

  describe(results) {
    return {
      about:
        "Cold starts of each function in fresh processes, beside a bare DynamoDB client that is bundled the same way: the " +
        "import of the bundle, and the import with a first invocation against stubs of AWS and Kard.",
      figures: results.map(({ name, bytes, cpuMs, elapsedMs, ratio, invokedCpuMs, invokedRatio }, place) => ({
        what: name,
        result:
          `${(bytes / 1_000).toFixed(0)} KB, ${cpuMs.toFixed(0)} ms of CPU, ${elapsedMs.toFixed(0)} ms; ` +
          `${invokedCpuMs.toFixed(0)} ms of CPU with the first invocation`,
        ...(place > 0 && {
          comparedTo: `${ratio.toFixed(2)} times the CPU time of the bare client; ${invokedRatio.toFixed(2)} with the first invocation`,
        }),
      })),
      meaning:
        "The ratio is the CPU time of a cold start relative to the least that a function with a table loads. The first " +
        "invocation of the bare client makes one read. Those of the functions make more calls, also of Kard and a webhook.",
    };
  },
};
