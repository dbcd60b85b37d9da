import type { Description } from "../report/benchmark.ts";
import type { ScaleResult } from "./poll-scale.ts";

const inMiB = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
const english = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 2 });

/** The results of more open audits for `--json`. */
export function summarize(results: readonly ScaleResult[], readsADay: readonly number[]) {
  return {
    scale: results.map(({ audits, allDueReads, allDueMs, noneDueReads, maxHeapBytes }) => {
      return { audits, allDueReads, allDueMs, noneDueReads, maxHeapMiB: inMiB(maxHeapBytes) };
    }),
    readsADay,
  };
}

/** The cost of more open audits, and the reads of a lane on each day. */
export function figuresOfScale(
  scale: ReturnType<typeof summarize>["scale"],
  readsADay: readonly number[],
): Description["figures"] {
  return [
    ...scale.map(({ audits, allDueReads, allDueMs, noneDueReads, maxHeapMiB }) => ({
      what: `${english(audits)} open audits: a tick with none due, and with all due`,
      result: `${noneDueReads} reads; ${allDueReads} reads, ${(allDueMs / 1_000).toFixed(1)} s, ${maxHeapMiB} MiB of heap`,
    })),
    {
      what: "reads of a lane by the deployed plan, on each day of a simulated week",
      result: readsADay.map(english).join(", "),
    },
  ];
}
