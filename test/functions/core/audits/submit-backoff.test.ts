import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { submitWaitMs } from "../../../../functions/core/audits/submit-backoff.ts";

const random = fc.double({ min: 0, max: 1, noNaN: true });

test("waits double up to an hour, with up to half taken off at random, for any number of tries", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), random, (attempts, r) => {
      const longest = Math.min(5_000 * 2 ** (attempts - 1), 3_600_000);
      const wait = submitWaitMs(attempts, r);
      expect(wait).toBeGreaterThanOrEqual(longest / 2 - 1);
      expect(wait).toBeLessThanOrEqual(longest);
      expect(Number.isInteger(wait)).toBe(true);
    }),
  );
});

test("Kard's Retry-After only lengthens a wait", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), random, fc.nat(10_000_000), (attempts, r, retryAfterMs) => {
      expect(submitWaitMs(attempts, r, retryAfterMs)).toBe(Math.max(submitWaitMs(attempts, r), retryAfterMs));
    }),
  );
});
