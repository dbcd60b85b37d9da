import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  dueRanges,
  dueWindows,
  passEnd,
  pollTimes,
  type Window,
} from "../../../../functions/core/tracking/poll-plan.ts";
import { anyBands, pollTimesOf } from "../../../support/polling/poll-plan-oracle.ts";

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
