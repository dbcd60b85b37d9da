import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { meaningOf, resolutionCodes } from "../../../../functions/core/kard/resolution-meanings.ts";

const kardsCodes = [5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009, 9001, 9002, 9003, 9004, 9005];

test("every code of Kard's reference has a meaning, and the documentation has the same table", () => {
  expect(Object.keys(resolutionCodes).map(Number)).toEqual(kardsCodes);
  const docs = readFileSync(join(import.meta.dirname, "../../../../docs/api.md"), "utf8");
  for (const code of kardsCodes) {
    const { meaning, outcome, nextActor } = meaningOf(code);
    expect(docs).toContain(`| ${code} | ${meaning} | \`${outcome}\` | \`${nextActor}\` |`);
  }
});

test("actions that Kard announces are pending until Kard has done them", () => {
  const pending = kardsCodes.filter((code) => meaningOf(code).outcome === "pending_adjustment");
  expect(pending).toEqual([5002, 5003, 5007, 5008]);
  expect(pending.map((code) => meaningOf(code).nextActor)).toEqual(pending.map(() => "kard"));
});

test.each([5010, 0, -1, 26.5, null, undefined])("the code %p is unknown", (code) => {
  expect(meaningOf(code)).toMatchObject({ outcome: "unknown", nextActor: "issuer" });
});
