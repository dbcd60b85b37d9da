import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { bundleModule } from "../../../infra/constructs/function-bundle.ts";

const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-source-maps-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const source = `
function failing(text: string): never {
  throw new TypeError(text);
}
async function calling() {
  failing("as expected");
}
export const trace = await calling().catch((error: Error) => error.stack);
`;

/** The stack trace of the source's error, in a bundle. */
function traceIn(readable: "source-map" | "names"): string {
  const [entry, output] = [join(directory, "entry.ts"), join(directory, readable)];
  writeFileSync(entry, source);
  bundleModule(entry, output, readable);
  const program = `import { trace } from ${JSON.stringify(join(output, "index.mjs"))}; console.log(trace);`;
  const args = ["--input-type=module", "--eval", program];
  return execFileSync(process.execPath, args, { encoding: "utf8", env: {} });
}

test("a stack trace names the functions, files and lines of the sources", () => {
  const lines = traceIn("source-map").split("\n");
  expect(lines[0]).toBe("TypeError: as expected");
  expect(lines[1]).toMatch(/^ {4}at failing \(.*\/entry\.ts:3:9\)$/);
  expect(lines[2]).toMatch(/^ {4}at calling \(.*\/entry\.ts:6:3\)$/);
});

test("without source maps, a stack trace has the names of the bundle", () => {
  expect(traceIn("names")).toMatch(/^TypeError: as expected\n {4}at failing \(file:.*\/index\.mjs:\d+:\d+\)/);
});
