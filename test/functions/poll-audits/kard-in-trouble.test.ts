import { describe, expect, test } from "@jest/globals";
import { submitLeaseMs } from "../../../functions/core/audits/submit-backoff.ts";
import { nameOf } from "../../support/memory-state.ts";
import { pollerWorld } from "../../support/poller-world.ts";
import { submittingAudit } from "../../support/sample-audits.ts";

const minute = 60_000;
const day = 1_440 * minute;
const names = (count: number, prefix = "audit") => Array.from({ length: count }, (_, number) => `${prefix}-${number}`);
const noAnswer = { outcome: "failed", reason: "server-error" } as const;

function inLane(world: ReturnType<typeof pollerWorld>, lane: string): string[] {
  return [...world.stores.state.audits.values()].filter((audit) => audit.lane === lane).map(({ auditId }) => auditId);
}

describe("an outage", () => {
  test("ends a tick with its first call, and every tick moves only one audit", async () => {
    const world = pollerWorld();
    for (const name of names(100)) await world.accept(name, 7 * minute);
    world.answering = () => noAnswer;
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
    world.answering = ({ number }) => (outage.from > 0 && number >= outage.from ? noAnswer : undefined);
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

describe("an audit whose polls alone fail", () => {
  test("blocks no other, is polled less and less often, and returns to the plan", async () => {
    const world = pollerWorld();
    for (const name of names(5)) await world.accept(name, 7 * minute);
    await world.accept("poisoned", 7 * minute + 1);
    world.answering = ({ kardAuditId }) => (kardAuditId === "poisoned" ? noAnswer : undefined);
    for (let ticks = 0; ticks < 3 * 144; ticks++) {
      const tick = await world.cleanTick();
      expect(tick.lagMs).toBeLessThan(12 * minute);
      world.wait(10 * minute);
    }
    expect(inLane(world, "RECHECK")).toEqual(["poisoned"]);
    const polls = (world.callCounts().get("poisoned") ?? []).map(({ at }) => at);
    expect(polls.length).toBeGreaterThan(8);
    expect(polls.length).toBeLessThan(16);
    expect((polls.at(-1) ?? 0) - (polls.at(-2) ?? 0)).toBeGreaterThan(0.4 * day);

    world.answering = () => undefined;
    world.wait(2 * day);
    await world.cleanTick();
    const back = await world.auditOf("poisoned");
    expect(back).toMatchObject({ lane: "OPEN", laneAt: back.acceptedAt });
    expect(back).not.toHaveProperty("failingSince");
  });

  test("and sixty like it stop no other ticks, and are all retried in turn", async () => {
    const world = pollerWorld();
    const laneAt = world.time.clock() - 1_000;
    for (const name of names(60, "poisoned")) await world.accept(name, 7 * minute, { lane: "RECHECK", laneAt });
    for (const name of names(150)) await world.accept(name, 7 * minute);
    world.answering = ({ kardAuditId }) => (kardAuditId.startsWith("poisoned") ? noAnswer : undefined);
    expect(await world.cleanTick()).toMatchObject({ polled: 150, stopped: undefined });
    expect(world.calls[0]?.kardAuditId).toMatch(/^audit/);
    for (let ticks = 1; ticks <= 8; ticks++) {
      world.wait(5 * minute);
      expect(await world.cleanTick()).toMatchObject({ polled: 150, stopped: undefined });
    }
    expect(world.callCounts().size).toBe(210);
  });

  test("is found among healthy ones of its lane when nothing else is due", async () => {
    const world = pollerWorld();
    for (const name of names(8, "poisoned")) await world.accept(name, 2 * minute, { lane: "RECHECK", laneAt: 1 });
    for (const name of names(50)) await world.accept(name, 2 * minute, { lane: "RECHECK", laneAt: 2 });
    world.answering = ({ kardAuditId }) => (kardAuditId.startsWith("poisoned") ? noAnswer : undefined);
    expect(await world.cleanTick()).toMatchObject({ polled: 50, failed: 8, stopped: undefined });
    expect(inLane(world, "OPEN")).toHaveLength(50);
  });

  test.each([
    ["what is not understood", { outcome: "not-understood", reason: "malformed-answer" }],
    ["a 404", { outcome: "missing" }],
  ] as const)("many answered by %s do not open the circuit", async (_name, answer) => {
    const world = pollerWorld();
    for (const name of names(100, "odd")) await world.accept(name, 7 * minute + 1);
    for (const name of names(50)) await world.accept(name, 7 * minute);
    world.answering = ({ kardAuditId }) => (kardAuditId.startsWith("odd") ? answer : undefined);
    expect(await world.cleanTick()).toMatchObject({ polled: 50, inTrouble: [] });
    expect(world.callCounts().size).toBe(150);
    expect(inLane(world, "RECHECK")).toHaveLength(100);
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

test("a 404 of an accepted audit is counted, shown and retried until Kard knows it", async () => {
  const world = pollerWorld();
  await world.accept("lost", 7 * minute);
  world.answering = () => ({ outcome: "missing" });
  const since = world.time.clock();
  expect(await world.cleanTick()).toMatchObject({ missing: 1, failed: 0 });
  const { missingSince = 0 } = await world.auditOf("lost");
  expect(missingSince - since).toBeLessThan(minute);
  world.wait();
  expect(await world.cleanTick()).toMatchObject({ missing: 1 });
  expect(await world.auditOf("lost")).toMatchObject({ missingSince, status: "NEW", lane: "RECHECK" });

  world.answering = () => undefined;
  world.wait(5 * minute);
  expect(await world.cleanTick()).toMatchObject({ missing: 0, polled: 1 });
  const found = await world.auditOf("lost");
  expect(found).toMatchObject({ lane: "OPEN", laneAt: found.acceptedAt });
  expect(found).not.toHaveProperty("missingSince");
});

describe("an audit older than the plan's limit", () => {
  const overdueEvents = async (world: ReturnType<typeof pollerWorld>, name: string) =>
    Object.values((await world.auditOf(name)).events).filter(({ type }) => type === "audit.overdue");

  test("is overdue once and still polled", async () => {
    const world = pollerWorld();
    await world.accept("old", 90 * day - 2 * minute);
    let polls = 0;
    for (let days = 0; days < 30; days++) {
      for (const wait of [3 * minute, day - 3 * minute]) {
        world.wait(wait);
        polls += (await world.cleanTick()).polled;
      }
    }
    expect(polls).toBeGreaterThanOrEqual(29);
    expect(await overdueEvents(world, "old")).toHaveLength(1);
    expect(await world.auditOf("old")).toMatchObject({ status: "NEW", lane: "OPEN", overdueAt: expect.any(Number) });
  });

  test.each([
    ["fails", noAnswer],
    ["is missing at Kard", { outcome: "missing" }],
    ["is unchanged", undefined],
  ] as const)("is overdue in lane RECHECK, too, if it %s", async (_name, answer) => {
    const world = pollerWorld();
    await world.accept("old", 91 * day, { lane: "RECHECK", laneAt: world.time.clock() - 1 });
    world.answering = () => answer;
    for (let days = 0; days < 10; days++) {
      await world.cleanTick();
      world.wait(day);
    }
    expect(await overdueEvents(world, "old")).toHaveLength(1);
    expect(world.calls.length).toBeGreaterThanOrEqual(9);
  });

  test("is overdue in lane SUBMIT, too, and still submitted", async () => {
    const world = pollerWorld();
    const createdAt = world.time.clock() - 91 * day;
    await world.stores.audits.create(submittingAudit({ createdAt, laneAt: createdAt + submitLeaseMs }));
    for (let tries = 1; tries <= 4; tries++) {
      world.kard.createOutcomes.push({ outcome: "unsent", reason: "connection" });
      await world.cleanTick();
      expect(world.kard.creates).toHaveLength(tries);
      world.wait(60 * minute);
    }
    const { auditId } = submittingAudit();
    expect(await overdueEvents(world, auditId)).toHaveLength(1);
    expect(await world.cleanTick()).toMatchObject({ submitted: 1 });
    expect(await world.auditOf(auditId)).toMatchObject({ status: "NEW", lane: "OPEN" });
  });
});
