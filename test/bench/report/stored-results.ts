import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { description } from "./benchmark.ts";

export const docsDir = join(import.meta.dirname, "../../../docs");
const file = join(docsDir, "benchmarks.json");

const measured = z.object({
  /** The day, as `2026-11-30`. */
  measuredOn: z.string(),
  node: z.string(),
  machine: z.string(),
  description,
  image: z.object({ file: z.string(), alt: z.string() }).optional(),
  /** What `--json` prints. */
  result: z.unknown(),
});

/** The latest results, by benchmark. */
const storedResults = z.record(z.string(), measured);

export type Measured = z.infer<typeof measured>;
export type StoredResults = z.infer<typeof storedResults>;

export function readResults(): StoredResults {
  return storedResults.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function writeResults(results: StoredResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Results of benchmarks that no longer exist are left out. */
export function inOrder(results: StoredResults, names: readonly string[]): StoredResults {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = results[name];
      return found === undefined ? [] : [[name, found]];
    }),
  );
}
