import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { divideRateLimit } from "../../../infra/config/divide-rate-limit.ts";

test.each([
  [50, 0.2, 1, { interactive: 10, perPoller: 40 }],
  [50, 0.2, 8, { interactive: 10, perPoller: 5 }],
  [30, 0.2, 8, { interactive: 6, perPoller: 3 }],
  [2, 0.2, 1, { interactive: 1, perPoller: 1 }],
  [2.9, 0.9, 1, { interactive: 1, perPoller: 1 }],
] as const)("%d calls a second, of which %d are interactive, with %d pollers", (limit, share, pollers, parts) => {
  expect(divideRateLimit({ kardRequestsPerSecond: limit, interactiveShare: share, pollers })).toEqual(parts);
});

test("the parts are whole numbers of at least one, and never exceed the limit together", () => {
  const pollers = fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const);
  fc.assert(
    fc.property(
      fc.double({ min: 9, max: 500, noNaN: true }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      pollers,
      (l, s, p) => {
        const { interactive, perPoller } = divideRateLimit({
          kardRequestsPerSecond: l,
          interactiveShare: s,
          pollers: p,
        });
        expect(interactive + p * perPoller).toBeLessThanOrEqual(l);
        for (const part of [interactive, perPoller]) expect([part >= 1, Number.isInteger(part)]).toEqual([true, true]);
      },
    ),
  );
});
