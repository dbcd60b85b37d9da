import { describe, expect, test } from "@jest/globals";
import { indexWriteUnits, itemSize, readUnits, writeUnits } from "../../../support/stack-instruments/capacity-units.ts";

describe("itemSize", () => {
  // Source: AWS, DynamoDB item sizes and formats. Attribute names count too.
  test.each([
    ["a string as its UTF-8 bytes", { a: { S: "hü" } }, 1 + 3],
    ["a number as a byte per two digits, plus one", { n: { N: "1234567" } }, 1 + 5],
    ["no leading or trailing zeros", { n: { N: "-00120.00" } }, 1 + 1 + 1 + 1],
    ["binary as its bytes", { b: { B: Buffer.alloc(10).toString("base64") } }, 1 + 10],
    ["a boolean as one byte", { b: { BOOL: true } }, 1 + 1],
    ["null as one byte", { n: { NULL: true } }, 1 + 1],
    [
      "a list as three bytes, plus one per element",
      { l: { L: [{ S: "ab" }, { BOOL: true }] } },
      1 + 3 + (1 + 2) + (1 + 1),
    ],
    ["a map as three bytes, plus one per pair", { m: { M: { ab: { S: "cde" } } } }, 1 + 3 + 1 + 2 + 3],
    ["a set as its members", { s: { SS: ["ab", "c"] } }, 1 + 3],
  ])("counts %s", (_, item, bytes) => {
    expect(itemSize(item)).toBe(bytes);
  });
});

test.each([
  [0, false, 0.5],
  [4096, false, 0.5],
  [4097, false, 1],
  [4096, true, 1],
  [8193, true, 3],
])("%s bytes read with consistency %s take %s units", (bytes, consistent, units) => {
  expect(readUnits(bytes, consistent)).toBe(units);
});

const sized = (bytes: number, more = {}) => ({ a: { S: "x".repeat(bytes - 1) }, ...more });

test.each([
  ["a failed condition without an item", undefined, undefined, 1],
  ["a put of 1 KB", undefined, sized(1024), 1],
  ["a put of 1 KB plus a byte", undefined, sized(1025), 2],
  ["a shrinking update, by the image before", sized(3000), sized(10), 3],
  ["a delete, by the image before", sized(1500), undefined, 2],
])("%s", (_, before, after, units) => {
  expect(writeUnits(before, after)).toBe(units);
});

describe("indexWriteUnits", () => {
  const index = {
    IndexName: "lanes",
    KeySchema: [{ AttributeName: "lane" }, { AttributeName: "laneAt" }],
    Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["status"] },
  };
  const item = (more: Record<string, Record<string, unknown>>) => ({ pk: { S: "p" }, ...more });
  const inLane = item({ lane: { S: "OPEN" }, laneAt: { N: "1" }, status: { S: "NEW" } });
  const units = (before: object | undefined, after: object | undefined) =>
    indexWriteUnits(before as never, after as never, index, ["pk"]);

  test.each([
    ["an item that enters the index: one", undefined, inLane, 1],
    ["an item that never has its keys: none", undefined, item({ lane: { S: "OPEN" } }), 0],
    ["an item that leaves the index: one", inLane, item({}), 1],
    ["a change that is not projected: none", inLane, { ...inLane, other: { S: "x" } }, 0],
    ["a change that is projected: one", inLane, { ...inLane, status: { S: "CLOSED" } }, 1],
    ["a new index key: two", inLane, { ...inLane, laneAt: { N: "2" } }, 2],
    ["only projected attributes count", undefined, { ...inLane, big: { S: "x".repeat(5000) } }, 1],
  ])("%s", (_, before, after, expected) => {
    expect(units(before, after)).toBe(expected);
  });
});
