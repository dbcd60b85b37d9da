import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import type { KardAudit } from "../../../../functions/core/kard/ports.ts";
import { applyKardStatus } from "../../../../functions/core/tracking/apply-kard-status.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { closedAtKard, openAtKard, openAudit, submittingAudit } from "../../../support/sample-audits.ts";

async function following(audit: Audit, kardAudit: KardAudit) {
  const world = fakeWorld();
  await world.audits.create(audit);
  const outcome = await applyKardStatus(world)(audit, kardAudit);
  return { outcome, stored: await world.audits.get(audit) };
}

test("an audit that Kard shows unchanged is not written", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  world.audits.update = async () => {
    throw new Error("nothing is to be written");
  };
  expect(await applyKardStatus(world)(openAudit(), openAtKard("NEW"))).toMatchObject({ result: "unchanged" });
});

test("an audit that Kard is working on is IN_PROGRESS, with its event, still in its lane", async () => {
  const { outcome, stored } = await following(openAudit(), openAtKard("IN_PROGRESS"));
  expect(outcome.result).toBe("changed");
  expect(stored).toMatchObject({
    status: "IN_PROGRESS",
    startedAt: noon,
    lane: "OPEN",
    laneAt: noon,
    sequence: 1,
    events: { e1: { type: "audit.in_progress" } },
    outboxAt: noon + 60_000,
  });
});

test("an audit that Kard has closed has its resolution and its event, and is in no lane", async () => {
  const { outcome, stored } = await following(openAudit({ lane: "RECHECK", missingSince: noon }), closedAtKard());
  expect(outcome.result).toBe("changed");
  expect(stored).toMatchObject({
    status: "CLOSED",
    settledAt: noon,
    resolution: { resolutionCode: 5004 },
    sequence: 1,
  });
  expect(stored?.lane ?? stored?.laneAt ?? stored?.missingSince).toBeUndefined();
});

test.each([
  ["NEW", openAudit({ status: "IN_PROGRESS" })],
  ["IN_PROGRESS", openAudit({ status: "IN_PROGRESS" })],
] as const)("Kard's earlier status %s does not change a later one", async (status, audit) => {
  const { outcome, stored } = await following(audit, openAtKard(status));
  expect(outcome).toEqual({ result: "unchanged", audit });
  expect(stored).toEqual(audit);
});

test.each(["CLOSED", "REJECTED"] as const)("an audit that is %s is settled, whatever Kard answers", async (status) => {
  const settled = openAudit({ status });
  const { outcome, stored } = await following(settled, closedAtKard());
  expect(outcome.result).toBe("settled");
  expect(stored).toEqual(settled);
});

test("an audit that was not submitted is not followed", async () => {
  expect((await following(submittingAudit(), closedAtKard())).outcome.result).toBe("settled");
});

test("a missing audit is gone", async () => {
  expect(await applyKardStatus(fakeWorld())(openAudit(), closedAtKard())).toEqual({ result: "gone" });
});

test("a response moves an audit from lane RECHECK back to its place in the plan", async () => {
  const lost = openAudit({ lane: "RECHECK", laneAt: noon + 5_000, failingSince: noon, missingSince: noon });
  const { outcome, stored } = await following(lost, openAtKard("NEW"));
  expect(outcome.result).toBe("unchanged");
  expect(stored).toEqual(openAudit());
});

test("concurrent followers create each event once, in order and without gaps", async () => {
  const news = fc.constantFrom(openAtKard("NEW"), openAtKard("IN_PROGRESS"), closedAtKard());
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(news, { minLength: 2, maxLength: 4 }), async (scheduler, responses) => {
      const world = fakeWorld();
      await world.audits.create(openAudit());
      const { get, update } = world.audits;
      world.audits.get = scheduler.scheduleFunction(get);
      world.audits.update = scheduler.scheduleFunction(update);
      const updates = responses.map((response) => applyKardStatus(world)(openAudit(), response));
      await scheduler.waitFor(Promise.all(updates));
      const outcomes = await Promise.all(updates);
      const stored = await get(openAudit());
      const types = Object.keys(stored?.events ?? {})
        .sort()
        .map((name) => stored?.events[name]?.type);
      expect(Object.keys(stored?.events ?? {}).sort()).toEqual(types.map((_, index) => `e${index + 1}`));
      expect(stored?.sequence).toBe(types.length);
      expect(new Set(types).size).toBe(types.length);
      expect(outcomes.filter(({ result }) => result === "changed")).toHaveLength(types.length);
      const closed = responses.some(({ status }) => status === "CLOSED");
      const started = responses.some(({ status }) => status === "IN_PROGRESS");
      expect(stored?.status).toBe(closed ? "CLOSED" : started ? "IN_PROGRESS" : "NEW");
      if (closed) expect(types.at(-1)).toBe("audit.closed");
    }),
    { numRuns: 200 },
  );
});

test("an unknown status keeps the audit open, with that status, until a known one comes", async () => {
  const reviewed: KardAudit = { kardAuditId: "kard-1", request: undefined, status: "UNKNOWN", kardStatus: "Review" };
  const { outcome, stored } = await following(openAudit({ acceptedAt: noon - 1 }), reviewed);
  expect(outcome.result).toBe("unchanged");
  const marked = { status: "NEW", kardStatus: "Review", lane: "RECHECK", laneAt: noon + 5_000, failingSince: noon };
  expect(stored).toMatchObject({ ...marked, sequence: 0 });

  const { stored: known } = await following(stored ?? openAudit(), openAtKard("NEW"));
  expect(known).toEqual(openAudit({ acceptedAt: noon - 1, laneAt: noon - 1 }));
  const { stored: closed } = await following(stored ?? openAudit(), closedAtKard());
  expect(closed).toMatchObject({ status: "CLOSED" });
  expect(closed).not.toHaveProperty("kardStatus");
});
