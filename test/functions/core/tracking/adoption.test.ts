import { expect, test } from "@jest/globals";
import type { StatusOutcome } from "../../../../functions/core/kard/ports.ts";
import { adoptionExpiry, givenUpAt, isAdoption, nextTry } from "../../../../functions/core/tracking/adoption.ts";
import { noon } from "../../../support/fake-clock.ts";
import { openAudit, pendingAdoption } from "../../../support/sample-audits.ts";

const day = 86_400_000;

test("an adoption ends after seven days, and its row expires after ninety, in whole seconds", () => {
  const adoption = pendingAdoption({ createdAt: noon + 1 });
  expect(givenUpAt(adoption)).toBe(noon + 1 + 7 * day);
  expect(adoptionExpiry(adoption)).toBe(noon / 1_000 + 90 * 86_400 + 1);
});

test.each<[StatusOutcome | undefined, number]>([
  [undefined, 5_000],
  [{ outcome: "failed", reason: "timeout" }, 5_000],
  [{ outcome: "throttled", retryAfterMs: undefined }, 5_000],
  [{ outcome: "throttled", retryAfterMs: 1_000 }, 5_000],
  [{ outcome: "throttled", retryAfterMs: 90_000 }, 90_000],
])("after %j the first wait is %i ms", (response, waitMs) => {
  expect(nextTry(1, response, noon, 0)).toEqual({ attempts: 1, laneAt: noon + waitMs });
});

test("waits double up to an hour, and jitter takes off at most half", () => {
  const pauses = [1, 2, 3, 10, 11, 50].map((attempts) => nextTry(attempts, undefined, 0, 0).laneAt);
  expect(pauses).toEqual([5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000]);
  expect(nextTry(2, undefined, 0, 1).laneAt).toBe(5_000);
});

test("a row of a lane is an adoption or an audit", () => {
  expect(isAdoption(pendingAdoption())).toBe(true);
  expect(isAdoption(openAudit())).toBe(false);
});
