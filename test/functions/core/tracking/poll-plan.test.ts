import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Band,
  bandKey,
  dueRanges,
  dueWindows,
  passEnd,
  pollPlan,
  pollTimes,
  type Window,
} from "../../../../functions/core/tracking/poll-plan.ts";
import { readConfig } from "../../../../infra/config.ts";
import { anyBands, pollTimesOf } from "../../../support/poll-plan-oracle.ts";

const runs = { numRuns: 2_000 };

const anyPass = anyBands.chain((bands) =>
  fc.record({
    band: fc.constantFrom(...bands),
    since: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
    lasts: fc.integer({ min: 0, max: 1_500 }),
    oldest: fc.integer({ min: 0, max: 2_000 }),
  }),
);

const contains = (windows: readonly Window[], acceptedAt: number) =>
  windows.some(({ from, to }) => from <= acceptedAt && acceptedAt <= to);

const upTo = (time: number) => Array.from({ length: Math.max(time, 0) + 1 }, (_, acceptedAt) => acceptedAt);

const floorTo = (time: number, resolution: number) => time - (time % resolution);

describe("the windows of a pass", () => {
  test("have exactly the audits with a poll time in it", () => {
    fc.assert(
      fc.property(anyPass, ({ band, since, lasts, oldest }) => {
        const until = passEnd(band, (since ?? 0) + lasts);
        const windows = dueWindows(band, since, until, oldest);
        const start = since === undefined ? -1 : floorTo(since, band.resolution);
        const isDue = (acceptedAt: number) => pollTimesOf(band, acceptedAt, until).some((time) => time > start);
        const due = upTo(until + 1).filter((acceptedAt) => acceptedAt >= oldest && isDue(acceptedAt));
        expect(upTo(until + 1).filter((acceptedAt) => contains(windows, acceptedAt))).toEqual(due);
      }),
      { numRuns: 300 },
    );
  });

  test("are in order and disjoint, and start neither before the oldest audit nor after their end", () => {
    fc.assert(
      fc.property(anyPass, ({ band, since, lasts, oldest }) => {
        const windows = dueWindows(band, since, passEnd(band, (since ?? 0) + lasts), oldest);
        const wrong = windows.filter(({ from, to }, index) => {
          const earliest = Math.max(oldest, (windows[index - 1]?.to ?? -2) + 2);
          return from > to || from < earliest;
        });
        expect(wrong).toEqual([]);
      }),
      runs,
    );
  });

  test("are the ranges of the single offsets, each with the audits of one poll time", () => {
    fc.assert(
      fc.property(anyPass, ({ band, since, lasts, oldest }) => {
        const until = passEnd(band, (since ?? 0) + lasts);
        const ranges = [...dueRanges(band, since, until, oldest)];
        const windows = dueWindows(band, since, until, oldest);
        const inRanges = upTo(until).filter((acceptedAt) => contains(ranges, acceptedAt));
        expect(upTo(until).filter((acceptedAt) => contains(windows, acceptedAt))).toEqual(inRanges);
        expect(ranges.map(({ offset }) => offset)).toEqual(ranges.map((_, index) => band.from + index * band.gap));
      }),
      { numRuns: 300 },
    );
  });

  test("of consecutive passes miss no poll time and have an audit at most once per pass, for any ticks", () => {
    const ticks = fc.array(fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 900 })), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(anyBands, fc.integer({ min: 0, max: 300 }), ticks, (bands, acceptedAt, pauses) => {
        for (const band of bands) {
          let now = 0;
          let since = 0;
          const polledAt: number[] = [];
          const tickTimes = pauses.map((pause) => (now += pause));
          for (const tick of tickTimes) {
            const until = passEnd(band, tick);
            const windows = dueWindows(band, since, until, 0);
            polledAt.push(...windows.filter((window) => contains([window], acceptedAt)).map(() => tick));
            since = Math.max(since, until);
          }
          const firstTickAfter = (time: number) => tickTimes.find((tick) => tick >= time);
          const expected = new Set(pollTimesOf(band, acceptedAt, now).map(firstTickAfter));
          expect(polledAt).toEqual([...expected]);
        }
      }),
      runs,
    );
  });
});

test("the last and the next poll equal those counted one by one", () => {
  fc.assert(
    fc.property(
      anyBands,
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 3_000 }),
      (bands, acceptedAt, age) => {
        const now = acceptedAt + age;
        const all = bands.flatMap((band) => pollTimesOf(band, acceptedAt, now + 5_000));
        expect(pollTimes({ bands, overdueAfter: 1 }, acceptedAt, now)).toEqual({
          last: all.filter((time) => time <= now).sort((a, b) => b - a)[0],
          next: all.filter((time) => time > now).sort((a, b) => a - b)[0],
        });
      },
    ),
    runs,
  );
});

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
