import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { benchmarksPage } from "../bench/report/page.ts";
import { docsDir, readResults } from "../bench/report/stored-results.ts";

test("docs/benchmarks.md is written from docs/benchmarks.json", () => {
  expect(readFileSync(join(docsDir, "benchmarks.md"), "utf8")).toBe(benchmarksPage(readResults()));
});
