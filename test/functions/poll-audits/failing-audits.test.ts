import { describe, expect, test } from "@jest/globals";
import { pollerWorld } from "../../support/polling/poller-world.ts";
import { day, inLane, minute, names, noResponse } from "./failing-kard.ts";

describe("an audit whose polls alone fail", () => {
  test("blocks no other, is polled less and less often, and returns to the plan", async () => {
    const world = pollerWorld();
    for (const name of names(5)) await world.accept(name, 7 * minute);
    await world.accept("poisoned", 7 * minute + 1);
    world.answering = ({ kardAuditId }) => (kardAuditId === "poisoned" ? noResponse : undefined);
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
    world.answering = ({ kardAuditId }) => (kardAuditId.startsWith("poisoned") ? noResponse : undefined);
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
    world.answering = ({ kardAuditId }) => (kardAuditId.startsWith("poisoned") ? noResponse : undefined);
    expect(await world.cleanTick()).toMatchObject({ polled: 50, failed: 8, stopped: undefined });
    expect(inLane(world, "OPEN")).toHaveLength(50);
  });

  test.each([
    ["what is not understood", { outcome: "not-understood", reason: "malformed-response" }],
    ["a 404", { outcome: "missing" }],
  ] as const)("many answered by %s do not open the circuit", async (_name, response) => {
    const world = pollerWorld();
    for (const name of names(100, "odd")) await world.accept(name, 7 * minute + 1);
    for (const name of names(50)) await world.accept(name, 7 * minute);
    world.answering = ({ kardAuditId }) => (kardAuditId.startsWith("odd") ? response : undefined);
    expect(await world.cleanTick()).toMatchObject({ polled: 50, inTrouble: [] });
    expect(world.callCounts().size).toBe(150);
    expect(inLane(world, "RECHECK")).toHaveLength(100);
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
