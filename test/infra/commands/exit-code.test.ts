import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { exitCodeOf } from "../../../infra/commands/exit-code.ts";
import { runKeys } from "../../../infra/commands/keys/run-keys.ts";

let said: string[];

beforeEach(() => {
  said = [];
  jest.spyOn(console, "error").mockImplementation((line) => void said.push(String(line)));
});
afterEach(() => void jest.restoreAllMocks());

test("a command ends with its own exit code and prints nothing more", async () => {
  expect(await exitCodeOf(async () => 2)).toBe(2);
  expect(said).toEqual([]);
});

test("a failing command prints the reason in one line", async () => {
  const fails = async () => {
    throw new Error("there is no key k1");
  };
  expect(await exitCodeOf(fails)).toBe(1);
  expect(said).toEqual(["there is no key k1"]);
});

test("without a running stack, a command says how to start it", async () => {
  const dir = mkdtempSync(join(tmpdir(), "outputs-"));
  const file = join(dir, "outputs.json");
  // No process listens on port 1.
  const outputs = { ApiUrl: "http://127.0.0.1:1", TableName: "table", DynamoDbEndpoint: "http://127.0.0.1:1" };
  writeFileSync(file, JSON.stringify(outputs));
  expect(await runKeys(["list", "--organization", "org", "--outputs", file], "keys")).toBe(1);
  expect(said).toEqual([expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1:1: is the stack running\?.*npm start/)]);
  rmSync(dir, { recursive: true });
});
