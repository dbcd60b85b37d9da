import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { kardOutputs, readStackOutputs, tableOutputs } from "../../../infra/commands/stack-outputs.ts";

const folder = mkdtempSync(join(tmpdir(), "stack-outputs-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: unknown): string {
  const file = join(folder, "outputs.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const embedded = { ApiUrl: "https://api.example", TableName: "Ledger-AuditsTable" };

test("finds the tracker among an app's stacks by its outputs", () => {
  const file = fileOf({ Network: { VpcId: "vpc-1" }, Ledger: embedded });
  expect(readStackOutputs(tableOutputs, file)).toEqual(embedded);
  expect(() => readStackOutputs(kardOutputs, file)).toThrow("does not hold the outputs of one tracker stack");
});

test("refuses to choose between two trackers", () => {
  const file = fileOf({ Ledger: embedded, Other: embedded });
  expect(() => readStackOutputs(tableOutputs, file)).toThrow("does not hold the outputs of one tracker stack");
});

test("reports an empty or missing file in one line", () => {
  expect(() => readStackOutputs(tableOutputs, fileOf(null))).toThrow("does not hold the outputs of one tracker stack");
  expect(() => readStackOutputs(tableOutputs, join(folder, "none.json"))).toThrow("is missing or not JSON");
});
