import { describe, expect, test } from "@jest/globals";
import { nameOf } from "../../support/memory/state.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";
import { submittingAudit } from "../../support/sample-audits.ts";
import { inLane, minute, names, noResponse } from "./failing-kard.ts";

describe("an outage", () => {
  test("ends a tick with its first call, and every tick moves only one audit", async () => {
    const world = pollerWorld();
    for (const name of names(100)) await world.accept(name, 7 * minute);
    world.answering = () => noResponse;
    const began = world.time.clock() + world.latencyMs;
    for (let ticks = 1; ticks <= 20; ticks++) {
      const { inTrouble, ...tick } = await world.cleanTick();
      expect(tick).toMatchObject({ stopped: undefined, polled: 0, failed: 1, lagMs: 0 });
      expect(inTrouble).toMatchObject([{ organizationId: "org", reason: "server-errors", since: began }]);
      expect(world.calls).toHaveLength(ticks);
      world.wait();
    }
    expect(inLane(world, "RECHECK")).toHaveLength(20);

    world.answering = () => undefined;
    world.calls.length = 0;
    const { polled, lagMs } = await world.cleanTick();
    expect({ polled, lagMs }).toEqual({ polled: expect.any(Number), lagMs: 0 });
    world.wait(20 * minute);
    await world.cleanTick();
    expect(world.callCounts().size).toBe(100);
    expect(inLane(world, "OPEN")).toHaveLength(100);
  });

  test("in the middle of a tick moves a few, keeps the position, and leaves no call in flight", async () => {
    const world = pollerWorld({ callsPerSecond: 400 });
    world.latencyMs = 1_000;
    for (const name of names(1_000)) await world.accept(name, 7 * minute);
    const outage = { from: 0 };
    world.answering = ({ number }) => (outage.from > 0 && number >= outage.from ? noResponse : undefined);
    outage.from = 300;
    const tick = await world.cleanTick();
    expect(tick).toMatchObject({ failed: 10, inTrouble: [{ reason: "server-errors" }] });
    expect(inLane(world, "RECHECK")).toHaveLength(10);
    expect(world.calls.length).toBeLessThan(300 + 2 * 64);

    outage.from = 0;
    world.wait();
    const before = world.calls.length;
    expect(await world.cleanTick()).toMatchObject({ lagMs: 0, stopped: undefined, inTrouble: [] });
    expect(world.callCounts().size).toBe(1_000);
    // Audits before the saved position are not polled again.
    expect(world.calls.length - before).toBeLessThan(1_000 - 300 + 8 * 64);
  });
});

describe("a 429", () => {
  test("stops the issuer without losing its position, for as long as Retry-After says", async () => {
    const world = pollerWorld();
    for (const name of names(400)) await world.accept(name, 5 * minute + 1);
    world.answering = ({ number }) => (number === 100 ? { outcome: "throttled", retryAfterMs: 3 * minute } : undefined);
    const { inTrouble, ...tick } = await world.cleanTick();
    expect(tick).toMatchObject({ failed: 0, lagMs: 0 });
    const until = inTrouble[0]?.pausedUntil ?? 0;
    expect(inTrouble).toMatchObject([{ organizationId: "org", reason: "throttled" }]);
    expect(until - world.time.clock()).toBe(3 * minute);
    expect(inLane(world, "RECHECK")).toEqual([]);
    const askedFor = world.calls.length;
    for (world.wait(minute / 2); world.time.clock() < until; world.wait(minute / 2)) {
      expect(await world.cleanTick()).toMatchObject({ polled: 0, inTrouble });
    }
    expect(world.calls).toHaveLength(askedFor);

    expect(await world.cleanTick()).toMatchObject({ stopped: undefined, lagMs: 0, inTrouble: [] });
    expect(world.callCounts().size).toBe(400);
    // Only calls in flight next to the 429, and after the first unanswered row of a page, are repeated.
    const twice = [...world.callCounts().values()].filter((calls) => calls.length > 1).length;
    expect(twice).toBeLessThanOrEqual(64);
  });

  test("without Retry-After lets the next tick try with one call", async () => {
    const world = pollerWorld();
    for (const name of names(100)) await world.accept(name, 7 * minute);
    world.answering = () => ({ outcome: "throttled", retryAfterMs: undefined });
    for (let ticks = 1; ticks <= 5; ticks++) {
      expect(await world.cleanTick()).toMatchObject({ inTrouble: [{ reason: "throttled" }] });
      expect(world.calls).toHaveLength(ticks);
      world.wait();
    }
  });

  test("to a create pauses the issuer like one to a status call", async () => {
    const world = pollerWorld();
    for (const name of names(10)) await world.stores.audits.create(submittingAudit({ auditId: name, laneAt: 1 }));
    let creates = 0;
    world.deps.kard.createAudit = async () => {
      creates++;
      return { outcome: "throttled", retryAfterMs: 10 * minute };
    };
    const { inTrouble } = await world.cleanTick();
    expect(inTrouble).toMatchObject([{ reason: "throttled", pausedUntil: world.time.clock() + 10 * minute }]);
    for (let ticks = 1; ticks < 10; ticks++) {
      world.wait();
      await world.cleanTick();
    }
    expect(creates).toBe(1);
    world.wait(2 * minute);
    await world.cleanTick();
    expect(creates).toBe(2);
  });
});

describe("closing an open circuit", () => {
  const refused = { outcome: "unauthorized" } as const;

  test("needs one call, even if nothing is due", async () => {
    const world = pollerWorld();
    await world.accept("only", 7 * minute);
    world.answering = () => refused;
    expect(await world.cleanTick()).toMatchObject({ inTrouble: [{ reason: "unauthorized" }] });
    for (let ticks = 1; ticks <= 60; ticks++) {
      world.wait();
      expect(await world.cleanTick()).toMatchObject({ inTrouble: [{ reason: "unauthorized" }] });
      expect(world.calls).toHaveLength(1 + ticks);
    }
    world.answering = () => undefined;
    world.wait();
    expect(await world.cleanTick()).toMatchObject({ inTrouble: [], polled: 1 });
    expect(await world.auditOf("only")).toMatchObject({ lane: "OPEN" });
  });

  test("happens when nothing is left to call Kard about", async () => {
    const world = pollerWorld();
    const audit = await world.accept("only", 7 * minute);
    world.answering = () => refused;
    await world.cleanTick();
    world.stores.state.audits.delete(nameOf("org", audit.auditId));
    world.wait();
    expect(await world.cleanTick()).toMatchObject({ inTrouble: [] });
    expect(world.stores.state.openCircuits.size).toBe(0);
  });

  test("is retried by the next tick if it cannot be stored", async () => {
    const world = pollerWorld();
    await world.accept("only", 7 * minute);
    world.answering = () => refused;
    await world.cleanTick();
    const { openCircuits } = world.stores;
    world.deps.openCircuits = { ...openCircuits, clear: () => Promise.reject(new Error("throttled")) };
    world.answering = () => undefined;
    world.wait();
    expect(await world.tick()).toMatchObject({ inTrouble: [], errors: [expect.any(Error)] });
    world.deps.openCircuits = openCircuits;
    world.wait();
    expect(await world.cleanTick()).toMatchObject({ inTrouble: [] });
    expect(world.stores.state.openCircuits.size).toBe(0);
  });
});
