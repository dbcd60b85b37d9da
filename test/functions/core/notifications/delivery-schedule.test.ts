import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { retryWaitMs, retryWaitsMs, waitsOf } from "../../../../functions/core/notifications/delivery-schedule.ts";

const random = fc.double({ min: 0, max: 1, noNaN: true });
const attempts = fc.integer({ min: 1, max: retryWaitsMs.length });
const day = 24 * 60 * 60_000;

test("a wait is the schedule's, plus or minus a fifth", () => {
  fc.assert(
    fc.property(attempts, random, (attemptCount, r) => {
      const planned = retryWaitsMs[attemptCount - 1] ?? 0;
      const wait = retryWaitMs(retryWaitsMs, attemptCount, r) ?? 0;
      expect(Math.abs(wait - planned)).toBeLessThanOrEqual(planned / 5 + 1);
    }),
  );
});

test("the receiver's Retry-After only lengthens a wait, up to a day", () => {
  fc.assert(
    fc.property(attempts, random, fc.nat(10 * day), (attemptCount, r, retryAfterMs) => {
      const wait = retryWaitMs(retryWaitsMs, attemptCount, r, retryAfterMs) ?? 0;
      const own = retryWaitMs(retryWaitsMs, attemptCount, r) ?? 0;
      expect(wait).toBe(Math.max(own, Math.min(retryAfterMs, day)));
    }),
  );
});

test("after the last wait there is none, for any Retry-After", () => {
  expect(retryWaitMs(retryWaitsMs, retryWaitsMs.length + 1, 0.5, 60_000)).toBeUndefined();
});

test("jitter changes a wait by at most a fifth", () => {
  for (const [index, planned] of retryWaitsMs.entries()) {
    expect([0, 0.5, 1].map((r) => retryWaitMs(retryWaitsMs, index + 1, r))).toEqual([
      planned * 0.8,
      planned,
      planned * 1.2,
    ]);
  }
});

test("the waits are the documented ones: more than a weekend in total", () => {
  const minutes = retryWaitsMs.map((wait) => wait / 60_000);
  expect(minutes).toEqual([1 / 12, 5, 30, 120, 300, 600, 840, 1_200, 1_440]);
});

test.each([
  [undefined, 10, 75.6],
  ["default" as const, 10, 75.6],
  ["fast" as const, 8, 1],
  ["patient" as const, 14, 167.6],
  [[60, 3_600], 3, 1.02],
])("schedule %p has %d attempts in %d hours", (schedule, attemptCount, hours) => {
  const waits = waitsOf(schedule);
  expect(waits).toHaveLength(attemptCount - 1);
  expect(waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeCloseTo(hours, 1);
});
