import type { BandReads } from "./poll-reads.ts";
import type { ScaleResult } from "./poll-scale.ts";

const inMiB = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
const english = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 2 });

/** Prints a lane's daily reads next to the design's. */
export function* describeReads(bands: readonly BandReads[]): Generator<string> {
  yield "Reads of a lane in a day of the deployed plan, counted over a simulated week:";
  for (const { band, reads, expected } of bands) yield `  band ${band}: ${english(reads)} (design: ${expected})`;
}

/** Prints the cost of more open audits. */
export function* describeScale(results: readonly ScaleResult[]): Generator<string> {
  for (const { audits, allDueReads, allDueMs, noneDueReads, maxHeapBytes } of results) {
    yield `${english(audits)} open audits: ${noneDueReads} table reads a tick with none due; with all due ` +
      `${allDueReads} reads, ${(allDueMs / 1_000).toFixed(1)} s, peak heap ${inMiB(maxHeapBytes)} MiB`;
  }
}

/** The value of both for `--json`. */
export function summarize(results: readonly ScaleResult[], bands: readonly BandReads[]) {
  return {
    scale: results.map(({ audits, allDueReads, noneDueReads, maxHeapBytes }) => {
      return { audits, allDueReads, noneDueReads, maxHeapMiB: inMiB(maxHeapBytes) };
    }),
    readsADay: bands.map(({ reads }) => Number(reads.toFixed(2))),
  };
}
