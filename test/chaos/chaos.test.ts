import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { plantAll } from "./mutate.ts";
import { scenarios } from "./scenarios.ts";

/** The fault suite in a process of its own, as `npm run chaos` runs it. */
async function proof(...options: string[]) {
  const node = [...["--disable-warning=ExperimentalWarning", "test/chaos/main.ts"], ...options, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, node).catch((error: { stdout: string }) => error);
  const lines = stdout.trim().split("\n");
  return { lines, chaos: JSON.parse(lines.at(-1) ?? "").chaos as Record<string, number> };
}

test("no event or notification is lost, whatever fails", async () => {
  const { lines, chaos } = await proof();
  expect(lines.filter((line) => line.startsWith("✗"))).toEqual([]);
  expect(chaos).toMatchObject({ scenarios: Object.keys(scenarios).length, violations: 0 });
  expect(chaos.faults).toBeGreaterThan(10_000);
  expect(chaos.pairs).toBeGreaterThanOrEqual(5_000);
  expect(chaos.steps).toBeGreaterThanOrEqual(10_000);
  expect(chaos.interleavings).toBeGreaterThanOrEqual(2_000 * 4);
}, 3_600_000);

test("every mutant can still be planted", async () => {
  expect((await plantAll()).size).toBeGreaterThanOrEqual(30);
});
