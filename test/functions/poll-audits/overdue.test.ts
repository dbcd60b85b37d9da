import { describe, expect, test } from "@jest/globals";
import { submitLeaseMs } from "../../../functions/core/audits/submit-backoff.ts";
import { pollerWorld, smallPlan } from "../../support/polling/poller-world.ts";
import { submittingAudit } from "../../support/sample-audits.ts";
import { day, minute, noResponse } from "./failing-kard.ts";

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

  test("is announced and overdue by its own due time, though the plan's limit is later", async () => {
    const pollPlan = { ...smallPlan, overdueAfter: 90 * day, dueSoonBefore: 14 * day };
    const world = pollerWorld({ pollPlan });
    const start = world.time.clock();
    const delay = 4 * day;
    await world.accept("old", 0, { createdAt: start - delay, dueAt: start - delay + 30 * day });
    const markedOn: (readonly [day: number, type: string])[] = [];
    for (let days = 0; days < 40; days++) {
      const before = Object.keys((await world.auditOf("old")).events).length;
      await world.cleanTick();
      const events = Object.values((await world.auditOf("old")).events);
      markedOn.push(...events.slice(before).map(({ type }) => [days, type] as const));
      world.wait(start + (days + 1) * day - world.time.clock());
    }
    expect(markedOn).toEqual([
      [30 - 14 - 4, "audit.due_soon"],
      [30 - 4, "audit.overdue"],
    ]);
  });

  test.each([
    ["fails", noResponse],
    ["is missing at Kard", { outcome: "missing" }],
    ["is unchanged", undefined],
  ] as const)("is overdue in lane RECHECK, too, if it %s", async (_name, response) => {
    const world = pollerWorld();
    await world.accept("old", 91 * day, { lane: "RECHECK", laneAt: world.time.clock() - 1 });
    world.answering = () => response;
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
