import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { type Band, bandKey, type PollPlan, passEnd } from "../../../functions/core/tracking/poll-plan.ts";
import { nameOf } from "../../support/memory/state.ts";
import { pollTimesOf } from "../../support/polling/poll-plan-oracle.ts";
import { ages, aTick, plans } from "../../support/polling/poller-script.ts";
import { allShards, pollerWorld } from "../../support/polling/poller-world.ts";
import { idsInShard } from "../../support/polling/shard-ids.ts";

test("the lag is the age of the oldest missed poll time, to the millisecond", async () => {
  const [band] = plans[0].bands;
  const plan: PollPlan = { bands: [{ ...band, to: null } as Band], overdueAfter: 1e12 };
  let withLag = 0;
  await fc.assert(
    fc.asyncProperty(
      ages,
      fc.array(fc.tuple(aTick, fc.integer({ min: 1, max: 12 })), { minLength: 2, maxLength: 12 }),
      async (given, script) => {
        const world = pollerWorld({ callsPerSecond: 1, pollPlan: plan });
        const [only] = plan.bands;
        if (only === undefined) throw new Error("no band");
        const key = bandKey(plan, only);
        const start = world.time.clock();
        const { cursors } = world.stores;
        for (const shard of allShards) {
          await cursors.save({ organizationId: "org", shard }, 0, { [key]: { since: start } });
        }
        const audits = given.map((age, number) => ({ name: `audit-${number}`, at: start - Math.abs(age) }));
        for (const { name, at } of audits) await world.accept(name, start - at);
        /** The last poll time that was made for each audit. */
        const honoured = new Map(audits.map(({ name }) => [name, passEnd(only, start)]));
        const uncredited = new Set<string>();
        world.answering = ({ kardAuditId }) => {
          uncredited.add(kardAuditId);
          return undefined;
        };
        world.deps.cursors = {
          ...cursors,
          async save(of, generation, saved) {
            const { since = 0, until = since, position } = saved[key] ?? {};
            const placeOf = (name: string) => audits.find((audit) => audit.name === name)?.at ?? 0;
            const isPassed = (name: string) =>
              position === undefined ||
              placeOf(name) < position.laneAt ||
              (placeOf(name) === position.laneAt && nameOf("org", name) <= nameOf("org", position.auditId));
            for (const name of [...uncredited].filter((polled) => shardOf(polled) === of.shard)) {
              honoured.set(name, isPassed(name) ? until : since);
              uncredited.delete(name);
            }
            return cursors.save(of, generation, saved);
          },
        };
        for (const [waits, lasts] of script) {
          world.wait(waits);
          const began = world.time.clock();
          const tick = await world.cleanTick(lasts);
          const overdue = audits.flatMap(({ name, at }) =>
            pollTimesOf(only, at, passEnd(only, began)).filter((time) => time > (honoured.get(name) ?? 0)),
          );
          expect(tick.lagMs).toBe(overdue.length === 0 ? 0 : world.time.clock() - Math.min(...overdue));
          if (tick.lagMs > 0) withLag++;
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(withLag).toBeGreaterThan(30);
});

test("includes polls that fell due after the end of an unfinished pass", async () => {
  const minute = 60_000;
  const world = pollerWorld();
  const now = world.time.clock();
  const [, band] = world.deps.pollPlan.bands;
  if (band === undefined) throw new Error("no second band");
  const [fresh = "", old = ""] = idsInShard(0, 2);
  await world.accept(fresh, 5 * minute);
  await world.accept(old, 150 * minute);
  await world.stores.cursors.save({ organizationId: "org", shard: 0 }, 0, {
    [bandKey(world.deps.pollPlan, band)]: { since: now - 120 * minute, until: now - 60 * minute },
  });
  world.latencyMs = 2_000;
  const { lagMs } = await world.cleanTick(1, [0]);
  expect(world.calls.map(({ kardAuditId }) => kardAuditId)).toEqual([fresh]);
  expect(lagMs).toBe(30 * minute + world.latencyMs);
});
