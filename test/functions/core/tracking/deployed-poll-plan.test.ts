import { describe, expect, test } from "@jest/globals";
import {
  type Band,
  bandKey,
  dueWindows,
  passEnd,
  pollPlan,
  pollTimes,
} from "../../../../functions/core/tracking/poll-plan.ts";
import { readConfig } from "../../../../infra/config/config.ts";
import { pollTimesOf } from "../../../support/polling/poll-plan-oracle.ts";

describe("the plan that is deployed", () => {
  const outcome = readConfig({});
  if (outcome.outcome === "invalid") throw new Error(outcome.reason);
  const { bands, overdueAfter } = outcome.config.pollPlan;
  const day = 86_400_000;
  const noon = Date.UTC(2026, 2, 14, 12);

  /** The queries per day of a lane with audits of every age, in ten weeks of ticks each minute. */
  function queriesADay(band: Band): number {
    const days = band.to === null ? 70 : 1;
    const oldest = noon - 5 * 365 * day;
    let since = passEnd(band, noon);
    let queries = 0;
    for (let now = noon; now <= noon + days * day; now += 60_000) {
      const until = passEnd(band, now);
      queries += dueWindows(band, since, until, oldest).length;
      since = Math.max(since, until);
    }
    return queries / days;
  }

  test("costs the stated number of queries per day and lane", () => {
    expect(bands.map(queriesADay)).toEqual([17_280, 6_624, 1_152, 996, 1 / 7]);
  });

  test("polls an audit within its first minutes, when it becomes overdue, and weekly forever", () => {
    const plan = { bands, overdueAfter };
    expect(pollTimes(plan, noon, noon)).toEqual({ last: undefined, next: noon + 5 * 60_000 });
    expect(pollTimes(plan, noon, noon + overdueAfter).last).toBe(noon + overdueAfter);
    for (const years of [1, 5, 25]) {
      const { last = 0, next } = pollTimes(plan, noon, noon + years * 365 * day);
      expect(next - last).toBe(7 * day);
    }
  });

  test("polls an open audit 12, 23, 24 and 83 times in its first 90 days", () => {
    expect(bands.slice(0, 4).map((band) => pollTimesOf(band, noon, noon + 91 * day).length)).toEqual([12, 23, 24, 83]);
  });
});

describe("a plan", () => {
  const band = (from: number, to: number | null, gap = 10): Band => ({ from, to, gap, resolution: 5 });
  const parse = (...bands: Band[]) => pollPlan.safeParse({ bands, overdueAfter: 1_000 }).error?.issues[0]?.message;

  test.each<[bands: Band[], refusal: RegExp | undefined]>([
    [[band(10, 50), band(60, null)], undefined],
    [[band(10, 50)], /only the last band must have no end/],
    [[band(10, null), band(60, null)], /only the last band must have no end/],
    [[band(10, 50), band(50, null)], /must not overlap/],
    [[band(60, 100), band(10, null)], /must not overlap/],
    [[band(10, 55), band(60, null)], /multiple of `gap`/],
    [[band(0, 50), band(60, null)], />0/],
    [[band(10, 50), band(60, null, 0)], />0/],
  ])("%j is validated", (bands, refusal) => {
    if (refusal === undefined) expect(parse(...bands)).toBeUndefined();
    else expect(parse(...bands)).toMatch(refusal);
  });

  test("keeps a band's cursor only while none of its numbers changes", () => {
    const one = band(10, 50);
    const others = [
      { ...one, from: 20 },
      { ...one, to: 60 },
      { ...one, to: null },
      { ...one, gap: 20 },
      { ...one, resolution: 1 },
    ];
    const keyOf = (only: typeof one) => bandKey({ bands: [only], overdueAfter: 1 }, only);
    expect(new Set([one, { ...one }, ...others].map(keyOf)).size).toBe(1 + others.length);
  });

  test("keeps no cursor of a band whose next band starts elsewhere, because a first pass extends to that", () => {
    const one = band(10, 50);
    const keyBefore = (next: ReturnType<typeof band>) => bandKey({ bands: [one, next], overdueAfter: 1 }, one);
    const next = { ...band(60, 100), to: null };
    expect(keyBefore({ ...next })).toBe(keyBefore(next));
    expect(keyBefore({ ...next, from: 70 })).not.toBe(keyBefore(next));
  });
});
