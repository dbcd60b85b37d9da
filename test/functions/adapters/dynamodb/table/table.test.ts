import { unmarshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { key, partsOf, toItem } from "../../../../../functions/adapters/dynamodb/table/table.ts";

/** Any text, often with the separators and escapes of keys. */
const part = fc.oneof(
  fc.string({ unit: fc.constantFrom("#", "%", "2", "3", "5", "a", "🧾") }),
  fc.string({ unit: "binary" }),
);
const parts = fc.array(part, { minLength: 1, maxLength: 4 });

test("the parts of a key are read back", () => {
  fc.assert(
    fc.property(parts, (given) => expect(partsOf(key(...given))).toEqual(given)),
    { numRuns: 1_000 },
  );
});

test("different parts never make the same key", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(key(...a) === key(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 1_000 },
  );
});

test("no part reaches into another's key range", () => {
  fc.assert(
    fc.property(part, part, (a, b) => {
      expect(key("X", a, b).startsWith(`${key("X", a)}#`)).toBe(true);
      if (a !== b) expect(key("X", b, "").startsWith(`${key("X", a)}#`)).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test("a field may have the name of an object's method", () => {
  const names = { headers: { constructor: "x", valueOf: "y", toString: "z" } };
  expect(unmarshall(toItem(names))).toEqual(names);
});
