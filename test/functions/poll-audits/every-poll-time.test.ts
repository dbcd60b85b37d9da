import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { type Band, bandKey, type PollPlan, passEnd } from "../../../functions/core/tracking/poll-plan.ts";
import { pollTimesOf } from "../../support/polling/poll-plan-oracle.ts";
import { ages, type Mishap, mishaps, type Pass, plans, play, steps } from "../../support/polling/poller-script.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";

const floorTo = (at: number, resolution: number) => Math.floor(at / resolution) * resolution;

/** The poll times that a pass must make. */
function owed({ band, since, until }: Pass, acceptedAt: number): number[] {
  const start = since === undefined ? Number.NEGATIVE_INFINITY : floorTo(since, band.resolution);
  return pollTimesOf(band, acceptedAt, until).filter((at) => at > start);
}

/** Whether a band's first pass leaves an audit to the next band, because it is old enough. */
function isNextBands({ band, since, until }: Pass, acceptedAt: number, { bands }: PollPlan): boolean {
  const next = bands[bands.indexOf(band) + 1];
  return since === undefined && next !== undefined && acceptedAt < until - next.from - next.resolution;
}

const planOf = (band: Band) => plans.find(({ bands }) => bands.includes(band)) ?? plans[0];

test("between clean ticks of any length, an audit is polled exactly once per pass with a due poll", async () => {
  await fc.assert(
    fc.asyncProperty(ages, steps(fc.constant({ kind: "none" })), async (given, script) => {
      const world = pollerWorld({ callsPerSecond: 2, pollPlan: plans[0] });
      const { audits, passes } = await play(world, given, script);
      const counts = world.callCounts();
      const seen = audits.map(({ name }) => counts.get(name)?.length ?? 0);
      const expected = audits.map(({ name, at }) => {
        const own = passes.filter(({ shard }) => shard === shardOf(name));
        return own.filter((pass) => owed(pass, at).length > 0 && !isNextBands(pass, at, plans[0])).length;
      });
      expect(seen).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});

test("whatever happens in between, an audit is polled after each of its poll times, and rarely twice", async () => {
  const mishap = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Mishap>({ kind: "none" }) },
    ...mishaps.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
  await fc.assert(
    fc.asyncProperty(ages, steps(mishap), async (given, script) => {
      const world = pollerWorld({ callsPerSecond: 2, pollPlan: plans[0] });
      const { audits, passes, failed, interruptions, lastTickAt } = await play(world, given, script);
      const counts = world.callCounts();
      for (const { name, at } of audits) {
        const calls = counts.get(name) ?? [];
        const own = passes.filter(({ shard }) => shard === shardOf(name));
        // Each finished pass has polled its audits after their last poll time.
        for (const pass of own) {
          if (owed(pass, at).length === 0 || isNextBands(pass, at, planOf(pass.band))) continue;
          // An audit whose poll failed is in lane RECHECK, with its own time.
          const end = failed.has(name) ? Number.POSITIVE_INFINITY : pass.finishedAt;
          const polled = calls.some((call) => call.at >= pass.until && call.at <= end);
          if (!polled)
            throw new Error(`${name} was not polled in a pass of band ${bandKey(planOf(pass.band), pass.band)}`);
        }
        // No poll time of the current plan at the start of the last tick is left.
        const last = Math.max(...calls.map((call) => call.at), 0);
        const left = world.deps.pollPlan.bands.flatMap((band) =>
          pollTimesOf(band, at, passEnd(band, lastTickAt)).filter((time) => time > last),
        );
        expect(left).toEqual([]);
        const most = own.filter((pass) => owed(pass, at).length > 0).length + 4 * interruptions;
        expect(calls.length).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 200 },
  );
});
