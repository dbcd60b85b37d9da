import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { oldestDuePoll } from "../../../../functions/core/tracking/oldest-due-poll.ts";
import { type Band, bandKey, passEnd } from "../../../../functions/core/tracking/poll-plan.ts";
import { anyBands, pollTimesOf } from "../../../support/polling/poll-plan-oracle.ts";

const aTime = fc.integer({ min: 0, max: 2_000 });
const situation = fc.record({
  ...{ bands: anyBands, since: aTime, lasts: fc.integer({ min: 0, max: 1_500 }) },
  acceptedAt: fc.array(aTime, { maxLength: 6 }),
  pass: fc.option(fc.record({ until: fc.double({ min: 0, max: 1, noNaN: true }), position: aTime })),
});
const position = (laneAt: number) => ({ organizationId: "org", auditId: "a", laneAt });

test("it is the earliest poll time after the pollers' progress that has come", () => {
  fc.assert(
    fc.property(situation, ({ bands, since, lasts, acceptedAt, pass }) => {
      const plan = { bands, overdueAfter: 10_000 };
      const now = since + lasts;
      const until = pass === null ? undefined : since + Math.floor(lasts * pass.until);
      const cursor = { since, until, position: pass === null ? undefined : position(pass.position) };
      const doneTo = (accepted: number) => (until !== undefined && accepted <= (pass?.position ?? 0) ? until : since);
      const due = (band: Band, accepted: number) =>
        pollTimesOf(band, accepted, now).filter((time) => time > passEnd(band, doneTo(accepted)));
      const all = bands.flatMap((band) => acceptedAt.flatMap((accepted) => due(band, accepted)));
      const cursors = Object.fromEntries(bands.map((band) => [bandKey(plan, band), cursor]));
      expect(oldestDuePoll(plan, cursors, acceptedAt, now)).toBe(all.length === 0 ? undefined : Math.min(...all));
    }),
    { numRuns: 2_000 },
  );
});

test("before the first pass of a band, only the last poll of each audit counts", () => {
  const band = { from: 10, to: null, gap: 10, resolution: 1 };
  expect(oldestDuePoll({ bands: [band], overdueAfter: 1_000 }, {}, [0], 95)).toBe(90);
});
