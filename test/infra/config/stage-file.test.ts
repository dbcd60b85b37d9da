import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readConfig } from "../../../infra/config/config.ts";
import { readStageFile } from "../../../infra/config/stage-file.ts";

const folder = mkdtempSync(join(tmpdir(), "stages-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("reads the values of a stage's file", () => {
  writeFileSync(join(folder, "prod.json"), '{"pollers":2}');
  expect(readStageFile("prod", folder)).toEqual({ pollers: 2 });
  expect(readStageFile("dev", folder)).toEqual({});
  expect(readStageFile("../prod", folder)).toEqual({});
  expect(readStageFile(undefined, folder)).toEqual({});
});

test("the example is a valid production configuration", () => {
  const example = readStageFile("example", mkExample());
  expect(readConfig({ stage: "prod", ...example })).toMatchObject({
    outcome: "valid",
    config: { account: "111122223333", region: "eu-west-1", tags: { owner: "payments" } },
  });
});

test("an account needs its region, and a region its account", () => {
  expect(readConfig({ account: "111122223333" })).toMatchObject({
    outcome: "invalid",
    reason: expect.stringMatching(/^region: /),
  });
  expect(readConfig({ region: "eu-west-1" })).toMatchObject({
    outcome: "invalid",
    reason: expect.stringMatching(/^account: /),
  });
});

/** The example as a stage file. */
function mkExample(): string {
  const target = join(folder, "examples");
  mkdirSync(target, { recursive: true });
  copyFileSync("stages/prod.example.json", join(target, "example.json"));
  return target;
}
