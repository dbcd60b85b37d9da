import { expect, test } from "@jest/globals";
import { changedAnnotations, problemOfMetadata } from "../../../../functions/core/audits/annotations.ts";

const own = { reference: "CASE-1", metadata: { queue: "vip", team: "a" } };

test("fields that a change does not name stay", () => {
  expect(changedAnnotations(own, {})).toEqual(own);
  expect(changedAnnotations(own, { reference: "CASE-2" })).toEqual({ ...own, reference: "CASE-2" });
  expect(changedAnnotations(own, { metadata: { team: "b", floor: "3" } })).toEqual({
    reference: "CASE-1",
    metadata: { queue: "vip", team: "b", floor: "3" },
  });
});

test("null removes the reference, a key, or all metadata", () => {
  expect(changedAnnotations(own, { reference: null })).toEqual({ metadata: own.metadata });
  expect(changedAnnotations(own, { metadata: { team: null, nowhere: null } })).toEqual({
    ...own,
    metadata: { queue: "vip" },
  });
  expect(changedAnnotations(own, { metadata: null })).toEqual({ reference: "CASE-1" });
  expect(changedAnnotations(own, { metadata: { queue: null, team: null } })).toEqual({ reference: "CASE-1" });
});

test("metadata has at most 20 keys, and a size that fits an item", () => {
  const keys = (count: number, value: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}`.padEnd(40, "k"), value]));
  expect(problemOfMetadata(keys(20, "v".repeat(500)))).toBeUndefined();
  expect(problemOfMetadata(keys(21, "v"))).toBe("must have at most 20 keys");
  expect(problemOfMetadata(keys(20, "語".repeat(500)))).toBe("must have at most 16384 bytes as ASCII JSON");
});
