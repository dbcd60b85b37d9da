import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CallSchedule, SlotRequest } from "../../../functions/core/shared/call-schedule.ts";
import { noon } from "../../support/fake-clock.ts";

export interface OpenCallSchedule {
  callSchedule: CallSchedule;
  /** The same schedule for another environment. */
  otherCallSchedule: CallSchedule;
  close: () => Promise<void>;
}

export function describeCallScheduleContract(name: string, open: () => Promise<OpenCallSchedule>): void {
  describe(`CallSchedule: ${name}`, () => {
    let schedule: CallSchedule;
    let other: CallSchedule;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ callSchedule: schedule, otherCallSchedule: other, close } = await open());
    });
    afterEach(() => close());

    const request = (changes: Partial<SlotRequest> = {}): SlotRequest => ({
      ...{
        scheduleId: "credential",
        organizationId: "org",
        calls: 1,
        intervalMs: 100.5,
        now: noon,
        maxWaitMs: 1_000,
      },
      ...changes,
    });
    const slots = (startAt: number, count: number) => ({ startAt, count });

    test("the first slot of an idle schedule is now, and the next ones follow", async () => {
      expect(await schedule.reserve(request({ calls: 2 }))).toEqual(slots(noon, 2));
      expect(await other.reserve(request({ now: noon + 10 }))).toEqual(slots(noon + 201, 1));
      expect(await schedule.reserve(request({ now: noon - 10, calls: 2 }))).toEqual(slots(noon + 301.5, 2));
    });

    test("unused time is not made up for", async () => {
      await schedule.reserve(request({ calls: 3 }));
      expect(await other.reserve(request({ now: noon + 5_000, calls: 3 }))).toEqual(slots(noon + 5_000, 3));
      expect(await schedule.reserve(request({ now: noon + 5_000 }))).toEqual(slots(noon + 5_301.5, 1));
    });

    test("a request beyond the open half gets what fits", async () => {
      expect(await schedule.reserve(request({ calls: 100 }))).toEqual(slots(noon, 5));
      expect(await other.reserve(request({ calls: 100 }))).toMatchObject({ count: 0 });
      expect(await other.reserve(request({ now: noon + 205, calls: 100 }))).toEqual(slots(noon + 502.5, 3));
    });

    test("an issuer that takes all slots leaves one at a time to issuers without any", async () => {
      await schedule.reserve(request({ calls: 100 }));
      expect(await schedule.reserve(request())).toMatchObject({ count: 0 });
      expect(await other.reserve(request({ organizationId: "other", calls: 100 }))).toEqual(slots(noon + 502.5, 1));
      expect(await other.reserve(request({ organizationId: "other" }))).toMatchObject({ count: 0 });
      const later = noon + 604;
      expect(await schedule.reserve(request({ organizationId: "other", now: later }))).toMatchObject({ count: 1 });
    });

    test("a request that cannot wait gets no slot after those that can", async () => {
      await schedule.reserve(request({ calls: 5 }));
      expect(await other.reserve(request({ organizationId: "other", maxWaitMs: 400 }))).toMatchObject({ count: 0 });
    });

    test("concurrent reservations share no slot", async () => {
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, number) =>
          (number % 2 === 0 ? schedule : other).reserve(request({ calls: (number % 3) + 1, maxWaitMs: 60_000 })),
        ),
      );
      const starts = all.flatMap(({ startAt, count }) =>
        Array.from({ length: count }, (_, at) => startAt + at * 100.5),
      );
      expect(starts.length).toBeGreaterThanOrEqual(12);
      starts.sort((a, b) => a - b);
      expect(starts).toEqual(starts.map((_, place) => expect.closeTo(noon + place * 100.5, 5)));
    });

    test("credentials have separate schedules, whatever their names", async () => {
      await schedule.reserve(request({ calls: 100 }));
      expect(await schedule.reserve(request({ scheduleId: "other#%" }))).toEqual(slots(noon, 1));
    });

    test("a schedule that a wrong clock has moved far ahead starts again", async () => {
      await schedule.reserve(request({ now: noon + 3_600_000 }));
      expect(await other.reserve(request())).toEqual(slots(noon, 1));
      expect(await schedule.reserve(request())).toEqual(slots(noon + 100.5, 1));
    });
  });
}
