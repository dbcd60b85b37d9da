import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "@jest/globals";
import { share } from "../../support/share.ts";
import { scenarios } from "../scenarios.ts";

/** A test may take an hour on a busy machine. */
export const patienceMs = 3_600_000;

/**
 * Runs one part of the fault suite in a process of its own, as `npm run chaos -- PART` does, and expects no violation.
 * Each part has its own test file, so that Jest runs two parts at a time on two cores.
 *
 * @param option how much of it that command plays: its name, and a number for `npm test`
 * @returns the part's counts, and what they must be
 */
export async function proof(
  part: "singles" | "pairs" | "simulate" | "interleave",
  option: string,
  number: number,
): Promise<Record<string, number> & { wanted: number }> {
  const wanted = number * share;
  const node = ["--disable-warning=ExperimentalWarning", "test/chaos/main.ts", part, option, String(wanted), "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, node).catch((error: { stdout: string }) => error);
  const lines = stdout.trim().split("\n");
  const { chaos } = JSON.parse(lines.at(-1) ?? "");
  expect(lines.filter((line) => line.startsWith("✗"))).toEqual([]);
  expect(chaos).toMatchObject({ scenarios: Object.keys(scenarios).length, violations: 0 });
  return { ...chaos, wanted };
}
