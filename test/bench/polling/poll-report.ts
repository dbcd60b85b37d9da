import type { ScaleResult } from "./poll-scale.ts";

const inMiB = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
const english = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 2 });

/** Prints a lane's reads of each day. */
export function describeReads(reads: readonly number[]): string {
  return `Reads of a lane by the deployed plan, on each day of a simulated week: ${reads.map(english).join(", ")}`;
}

/** Prints the cost of more open audits. */
export function* describeScale(results: readonly ScaleResult[]): Generator<string> {
  for (const { audits, allDueReads, allDueMs, noneDueReads, maxHeapBytes } of results) {
    yield `${english(audits)} open audits: ${noneDueReads} table reads a tick with none due; with all due ` +
      `${allDueReads} reads, ${(allDueMs / 1_000).toFixed(1)} s, peak heap ${inMiB(maxHeapBytes)} MiB`;
  }
}

/** The value of both for `--json`. */
export function summarize(results: readonly ScaleResult[], readsADay: readonly number[]) {
  return {
    scale: results.map(({ audits, allDueReads, noneDueReads, maxHeapBytes }) => {
      return { audits, allDueReads, noneDueReads, maxHeapMiB: inMiB(maxHeapBytes) };
    }),
    readsADay,
  };
}
