import { expect, test } from "@jest/globals";
import { pollerWorld } from "../../support/polling/poller-world.ts";
import { minute, names } from "./failing-kard.ts";

/** The same port, with the names of called methods in `calls`. */
function noting<Port extends object>(port: Port, calls: string[]): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      calls.push(String(name));
      return Reflect.get(target, name, receiver);
    },
  });
}

test("an unchanged audit costs the call and, in the table, only its index page", async () => {
  const world = pollerWorld();
  for (const name of names(200)) await world.accept(name, 7 * minute);
  const touched: string[] = [];
  world.deps.audits = noting(world.stores.audits, touched);
  expect(await world.cleanTick()).toMatchObject({ polled: 200, changed: 0, lagMs: 0, shards: 8 });
  expect(touched).toEqual([]);
});

test("the first call is made alone, the others within the concurrency limit and the rate", async () => {
  const world = pollerWorld({ callsPerSecond: 100 });
  world.latencyMs = 2_000;
  for (const name of names(1_000)) await world.accept(name, 7 * minute);
  await world.cleanTick();
  const [first, second] = world.calls;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
  expect(world.mostInFlight).toBe(64);
  world.latencyMs = 50;
  world.wait(5 * minute);
  world.calls.length = 0;
  await world.cleanTick();
  for (const [index, { at }] of world.calls.entries()) {
    const inOneSecond = world.calls.slice(index).filter((call) => call.at < at + 1_000).length;
    expect(inOneSecond).toBeLessThanOrEqual(103);
  }
});

test("IN_PROGRESS and CLOSED are stored and published in the same tick", async () => {
  const world = pollerWorld();
  const [working, closed] = [await world.accept("working", 7 * minute), await world.accept("closed", 7 * minute)];
  world.kard.audits.set("working", { ...world.kard.audits.get("working"), status: "IN_PROGRESS" } as never);
  world.kard.close("closed");
  expect(await world.cleanTick()).toMatchObject({ polled: 2, changed: 2 });
  expect(await world.auditOf(working.auditId)).toMatchObject({ status: "IN_PROGRESS", lane: "OPEN", sequence: 1 });
  expect(await world.auditOf(closed.auditId)).toMatchObject({
    status: "CLOSED",
    resolution: { resolutionCode: 5004 },
    events: { e1: { type: "audit.closed", publishedAt: expect.any(Number) } },
  });
  expect(await world.auditOf("closed")).not.toHaveProperty("lane");
  expect(world.resolutions.sent).toHaveLength(1);
});

test("an outdated index row does no harm", async () => {
  const world = pollerWorld();
  const row = await world.accept("late", 7 * minute);
  world.kard.close("late");
  await world.cleanTick();
  const { kardAuditId, laneAt = 0 } = row;
  const stale = { organizationId: "org", auditId: "late", kardAuditId, laneAt, status: "NEW" as const };
  const { lanes } = world.stores;
  let shown = 0;
  world.deps.lanes = {
    ...lanes,
    oldestOpen: async () => laneAt,
    open: async (_of, { from, to }) => ({
      rows: from <= laneAt && laneAt <= to ? [stale] : [],
      next: undefined,
      errors: [],
    }),
    due: async () => ({ rows: shown++ < 4 ? [stale] : [], next: undefined, errors: [] }),
  };
  const before = await world.auditOf("late");
  world.wait(5 * minute);
  expect(await world.cleanTick(45, [0])).toMatchObject({ changed: 0, failed: 0 });
  world.answering = () => ({ outcome: "failed", reason: "timeout" });
  world.wait(5 * minute);
  expect(await world.cleanTick(45, [0])).toMatchObject({ failed: 1 });
  expect(await world.auditOf("late")).toEqual(before);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("at a low rate no timer outlasts the stop", async () => {
  const world = pollerWorld({ callsPerSecond: 0.1 });
  for (const name of names(200)) await world.accept(name, 7 * minute);
  const began = world.time.clock();
  expect(await world.cleanTick(25)).toMatchObject({ stopped: "time-is-up", polled: 3 });
  expect(world.time.clock() - began).toBeLessThanOrEqual(25_000);
});

test("an empty lane costs one query of lane OPEN, and one of each other lane", async () => {
  const world = pollerWorld();
  const queries: string[] = [];
  world.deps.lanes = noting(world.stores.lanes, queries);
  await world.cleanTick(45, [3]);
  expect(queries.sort()).toEqual(["due", "due", "oldestOpen"]);
});

test("a clock set back by minutes changes nothing; by more it starts bands again and reports it", async () => {
  const world = pollerWorld();
  for (const name of names(20)) await world.accept(name, 30 * minute);
  expect(await world.cleanTick()).toMatchObject({ polled: 20 });
  world.time.set(world.time.clock() - 4 * minute);
  expect(await world.cleanTick()).toMatchObject({ polled: 0, clockResets: 0 });
  world.time.set(world.time.clock() - 2 * minute);
  const again = await world.cleanTick();
  expect(again.polled).toBe(20);
  expect(again.clockResets).toBeGreaterThan(0);
  world.wait();
  expect(await world.cleanTick()).toMatchObject({ clockResets: 0, lagMs: 0 });
});

test("a pass that a wrong clock began does not continue in the future", async () => {
  const world = pollerWorld({ callsPerSecond: 1 });
  for (const name of names(200)) await world.accept(name, 30 * minute);
  world.wait(60 * minute);
  await world.cleanTick();
  world.time.set(world.time.clock() - 60 * minute);
  world.calls.length = 0;
  const tick = await world.cleanTick();
  expect(tick.clockResets).toBeGreaterThan(0);
  expect(tick.polled).toBe(world.calls.length);
});
