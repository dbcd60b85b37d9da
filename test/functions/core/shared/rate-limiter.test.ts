import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { rateLimiter } from "../../../../functions/core/shared/rate-limiter.ts";

/** The start times of calls that arrive with these gaps, each after the previous one has started. */
function callTimes(perSecond: number, pauses: readonly number[]): number[] {
  const limiter = rateLimiter(perSecond);
  let now = 1_000_000;
  return pauses.map((pause) => {
    now += pause;
    now += limiter.waitMs(now);
    limiter.take(now);
    return now;
  });
}

const anyRate = fc.double({ min: 0.05, max: 5_000, noNaN: true });
const anyPauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ max: 3_000, min: 0 })), {
  minLength: 2,
  maxLength: 80,
});

test("no time span has more calls than the rate, one and 20 ms allow", () => {
  fc.assert(
    fc.property(anyRate, anyPauses, (perSecond, pauses) => {
      const times = callTimes(perSecond, pauses);
      for (const [first, from] of times.entries()) {
        for (const [index, to] of times.slice(first).entries()) {
          const allowed = ((to - from + 20) * perSecond) / 1_000 + 1;
          if (index + 1 > allowed + 1e-6) throw new Error(`${index + 1} calls in ${to - from} ms, ${allowed} allowed`);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("a caller that never pauses gets the whole rate", () => {
  const times = callTimes(
    40,
    Array.from({ length: 401 }, () => 0),
  );
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeCloseTo(10_000 - 20, 5);
});

test("after a clock is set back, a caller waits at most one interval", () => {
  const limiter = rateLimiter(2);
  limiter.take(10_000_000);
  expect(limiter.waitMs(10_000_000)).toBeGreaterThan(0);
  expect(limiter.waitMs(6_400_000)).toBe(500);
  limiter.take(6_400_500);
  expect(limiter.waitMs(6_400_500)).toBe(500);
});

test("asking for the wait takes no turn, and taken turns are counted", () => {
  const limiter = rateLimiter(10);
  limiter.take(1_000_000);
  for (let asked = 0; asked < 5; asked++) expect(limiter.waitMs(1_000_000)).toBe(80);
  expect(limiter.taken()).toBe(1);
});
