import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finished } from "../benchmarks/all.ts";
import { describeMachine } from "./machine.ts";
import { benchmarksPage } from "./page.ts";
import { docsDir, inOrder, readResults, writeResults } from "./stored-results.ts";

/** Stores new results, keeps the others, and writes `docs/benchmarks.md` and its images. */
export function writePage(finished: ReadonlyMap<string, Finished>, order: readonly string[], now: Date): void {
  const results = readResults();
  for (const [name, { result, description, plot }] of finished) {
    if (plot !== undefined) writeFileSync(join(docsDir, "images", plot.file), plot.svg);
    results[name] = {
      ...{ measuredOn: now.toISOString().slice(0, 10), node: process.versions.node, machine: describeMachine() },
      ...{ description, ...(plot !== undefined && { image: { file: plot.file, alt: plot.alt } }), result },
    };
  }
  const ordered = inOrder(results, order);
  writeResults(ordered);
  writeFileSync(join(docsDir, "benchmarks.md"), benchmarksPage(ordered));
}
