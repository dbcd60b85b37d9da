import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

test("without a named file, only a file of the local stack in the current folder is used", () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(() => readStackOutputs(tableOutputs, undefined)).toThrow("give --outputs FILE");
    mkdirSync(".local");
    const local = { ...embedded, DynamoDbEndpoint: "http://127.0.0.1:4001" };
    writeFileSync(".local/outputs.json", JSON.stringify(local));
    expect(readStackOutputs(tableOutputs, undefined)).toEqual(local);
    writeFileSync(".local/outputs.json", JSON.stringify(embedded));
    expect(() => readStackOutputs(tableOutputs, undefined)).toThrow("give --outputs FILE");
    expect(readStackOutputs(tableOutputs, ".local/outputs.json")).toEqual(embedded);
  } finally {
    process.chdir(before);
  }
});
