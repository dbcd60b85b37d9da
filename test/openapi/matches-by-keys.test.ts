import { expect, test } from "@jest/globals";
import { matchesByKeys } from "../support/openapi/matches-by-keys.ts";

const both = { required: ["a", "b"] };
const constant = { properties: { a: { const: "x" } }, required: ["a"] };
const outside = { not: { anyOf: [{ required: ["a"] }, { required: ["b"] }] } };

test.each([
  ["all required keys", both, ["a", "b", "c"], true],
  ["a missing key", both, ["a"], false],
  ["a key whose value decides", constant, ["a"], undefined],
  ["a key whose value would decide, and is missing", constant, ["b"], false],
  ["none of two keys", outside, ["c"], true],
  ["one of two keys", outside, ["b"], false],
  ["one certain alternative", { anyOf: [constant, both] }, ["a", "b"], true],
  ["one possible alternative", { anyOf: [constant, both] }, ["a"], undefined],
  ["a negated decision of a value", { required: ["b"], not: constant }, ["a", "b"], undefined],
])("%s", (_, schema, keys, matches) => {
  expect(matchesByKeys(schema, new Set(keys))).toBe(matches);
});
