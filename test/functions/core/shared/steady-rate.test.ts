import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { steadyRate } from "../../../../functions/core/shared/steady-rate.ts";
import { mostInAnySecond } from "../../../support/polling/most-in-any-second.ts";

test("no second has more calls than allowed, for any delays within the spread", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 300 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (most, spread, delays) => {
        const intervalMs = 1_000 / steadyRate(most, spread);
        const arrivals = delays.map((part, turn) => turn * intervalMs + part * spread);
        expect(mostInAnySecond(arrivals)).toBeLessThanOrEqual(most);
      },
    ),
  );
});

test("the reserve is not larger than the spread needs", () => {
  const intervalMs = 1_000 / steadyRate(10, 250);
  const held = Array.from({ length: 30 }, (_, turn) => turn * intervalMs + (turn < 5 ? 250 : 0));
  expect(mostInAnySecond(held)).toBe(10);
  expect(steadyRate(10, 250)).toBe(8);
});
