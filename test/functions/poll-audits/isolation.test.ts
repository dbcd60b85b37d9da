import { expect, test } from "@jest/globals";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";
import { submittingAudit } from "../../support/sample-audits.ts";

const minute = 60_000;
const names = (count: number) => Array.from({ length: count }, (_, number) => `audit-${number}`);

test("an error in one shard is reported at the end and does not affect others", async () => {
  const world = pollerWorld();
  for (const name of names(80)) await world.accept(name, 7 * minute);
  const broken = new Error("shard 3 cannot be read");
  const { lanes } = world.stores;
  world.deps.lanes = {
    ...lanes,
    open: (of, ...query) => (of.shard === 3 ? Promise.reject(broken) : lanes.open(of, ...query)),
  };
  const tick = await world.tick();
  expect(tick?.errors).toContain(broken);
  expect(new Set(world.callCounts().keys())).toEqual(new Set(names(80).filter((name) => shardOf(name) !== 3)));
  world.deps.lanes = lanes;
  await world.cleanTick();
  expect([...world.callCounts().values()].map((calls) => calls.length)).toEqual(names(80).map(() => 1));
});

test("a lease that cannot be taken, or kept, does not affect others", async () => {
  const world = pollerWorld();
  for (const name of names(80)) await world.accept(name, 7 * minute);
  const { leases, cursors } = world.stores;
  const refused = new Error("throttled by the table");
  world.deps.leases = {
    ...leases,
    take: (shard, ...rest) => (shard === 2 ? Promise.reject(refused) : leases.take(shard, ...rest)),
  };
  world.deps.cursors = {
    ...cursors,
    save: (of, ...rest) => (of.shard === 5 ? Promise.reject(refused) : cursors.save(of, ...rest)),
  };
  const tick = await world.tick();
  expect(tick).toMatchObject({ shards: 7 });
  expect(tick?.errors.filter((error) => error === refused).length).toBeGreaterThanOrEqual(2);
  expect(world.callCounts().size).toBe(names(80).filter((name) => shardOf(name) !== 2).length);
});

test("an error of one row does not affect others, and the audit is polled again soon", async () => {
  const world = pollerWorld();
  for (const name of names(200)) await world.accept(name, 7 * minute);
  const { getAudit } = world.deps.kard;
  world.deps.kard.getAudit = async (organizationId, kardAuditId) => {
    if (kardAuditId === "audit-77") throw new Error("no credential for this organization");
    return getAudit(organizationId, kardAuditId);
  };
  const tick = await world.tick();
  expect(tick).toMatchObject({ polled: 199, lagMs: 0, errors: [expect.any(Error)] });
  expect(await world.auditOf("audit-77")).toMatchObject({ lane: "RECHECK", failingSince: expect.any(Number) });
});

test("an audit that can neither be polled nor moved is tried twice and then skipped", async () => {
  const world = pollerWorld();
  // One shard, one band: the rows of one page, oldest first.
  const rows = names(400).filter((name) => shardOf(name) === 0);
  for (const [age, name] of rows.entries()) await world.accept(name, 9 * minute - age);
  const poisoned = rows[5] ?? "";
  const { audits } = world.stores;
  world.deps.audits = {
    ...audits,
    get: (key) => (key.auditId === poisoned ? Promise.reject(new Error("unreadable")) : audits.get(key)),
  };
  world.kard.close(poisoned);
  expect(await world.tick(45, [0])).toMatchObject({ errors: [expect.any(Error), expect.any(Error)] });
  for (let ticks = 0; ticks < 2; ticks++) await world.tick(45, [0]);
  const counts = world.callCounts();
  expect(counts.get(poisoned)).toHaveLength(2);
  expect(new Set(counts.keys())).toEqual(new Set(rows));
});

test("an event that cannot be published is left to the sweep, and the poll is done", async () => {
  const world = pollerWorld();
  await world.accept("closed", 7 * minute);
  world.kard.close("closed");
  const { send } = world.resolutions;
  world.resolutions.send = () => Promise.reject(new Error("SQS does not answer"));
  expect(await world.tick()).toMatchObject({ changed: 1, errors: [expect.any(Error)] });
  world.resolutions.send = send;
  expect(await world.auditOf("closed")).toMatchObject({ status: "CLOSED", outboxAt: expect.any(Number) });
});

test("a submission that throws does not affect others", async () => {
  const world = pollerWorld();
  for (const name of names(20)) await world.stores.audits.create(submittingAudit({ auditId: name, laneAt: 1 }));
  const { audits } = world.stores;
  world.deps.audits = {
    ...audits,
    get: (key) => (key.auditId === "audit-3" ? Promise.reject(new Error("unreadable")) : audits.get(key)),
  };
  expect(await world.tick()).toMatchObject({ submitted: 19 });
});

test.each(["RECHECK", "SUBMIT"] as const)(
  "rows of lane %s that can neither be processed nor moved do not delay those after them",
  async (lane) => {
    const world = pollerWorld();
    const healthy = names(40).map((name) => `healthy-${name}`);
    const broken = names(60).map((name) => `broken-${name}`);
    const start = world.time.clock();
    for (const [laneAt, ids] of [
      [1, broken],
      [2, healthy],
    ] as const) {
      for (const auditId of ids) {
        if (lane === "RECHECK") await world.accept(auditId, minute, { lane, laneAt });
        else await world.stores.audits.create(submittingAudit({ auditId, laneAt }));
      }
    }
    const { audits } = world.stores;
    world.deps.audits = {
      ...audits,
      get: (key) => (key.auditId.startsWith("broken") ? Promise.reject(new Error("unreadable")) : audits.get(key)),
    };
    const tick = await world.tick();
    expect(tick?.[lane === "RECHECK" ? "polled" : "submitted"]).toBeGreaterThanOrEqual(healthy.length);
    for (const auditId of healthy) expect(await world.auditOf(auditId)).toMatchObject({ lane: "OPEN" });
    for (const auditId of broken) {
      const { laneAt = 0 } = await world.auditOf(auditId);
      expect(laneAt - start).toBeGreaterThanOrEqual(60 * minute);
    }
    world.wait();
    expect(await world.cleanTick()).toMatchObject({ polled: 0, submitted: 0 });
  },
);

test("unreadable index rows are reported, and those around them polled", async () => {
  const world = pollerWorld();
  for (const name of names(80)) await world.accept(name, 7 * minute);
  const { lanes } = world.stores;
  const unreadable = new Error("a status of a newer version");
  world.deps.lanes = {
    ...lanes,
    // Pages of four; all rows of the first are unreadable.
    async open(of, window, after) {
      const page = await lanes.open(of, window, after, 4);
      return after === undefined && page.next !== undefined ? { ...page, rows: [], errors: [unreadable] } : page;
    },
  };
  const tick = await world.tick();
  expect(tick?.errors).toContain(unreadable);
  expect(world.callCounts().size).toBeGreaterThan(80 - 8 * 4 - 1);
  expect(tick).toMatchObject({ lagMs: 0, stopped: undefined });
});
