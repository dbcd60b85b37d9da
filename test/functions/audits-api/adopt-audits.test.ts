import { expect, test } from "@jest/globals";
import { adoptAudits } from "../../../functions/audits-api/adopt-audits.ts";
import { auditIdOfAdopted } from "../../../functions/core/audits/idempotency.ts";
import type { StatusOutcome } from "../../../functions/core/kard/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aRequest, closedAtKard, openAtKard, openAudit, waitingAudit } from "../../support/sample-audits.ts";

const auditId = auditIdOfAdopted("org", "kard-1");

function worldWhereKardHas(...outcomes: StatusOutcome[]) {
  const world = fakeWorld();
  world.kard.statusOutcomes.push(...outcomes);
  const adopt = (...ids: string[]) => adoptAudits(world)("org", "user-1", ids);
  return { world, adopt };
}

test("an open audit at Kard is tracked from now on like any other", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId } }]);
  expect(await world.audits.get({ organizationId: "org", auditId })).toMatchObject({
    status: "NEW",
    submission: "confirmed",
    kardAuditId: "kard-1",
    userId: "user-1",
    lane: "OPEN",
    laneAt: noon,
    acceptedAt: noon,
  });
});

test("one that Kard works on already is IN_PROGRESS and says so", async () => {
  const { adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("IN_PROGRESS") });
  expect(await adopt("kard-1")).toMatchObject([
    { audit: { status: "IN_PROGRESS", events: { e1: { type: "audit.in_progress" } } } },
  ]);
});

test("one that is CLOSED already is stored so and published", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: closedAtKard() });
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { status: "CLOSED" } }]);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("adopting again meets the first and asks Kard nothing", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await adopt("kard-1");
  expect(await adopt("kard-1")).toMatchObject([{ result: "tracked-already", audit: { auditId } }]);
  expect(world.kard.gets).toHaveLength(1);
});

test("the same id twice in one request is one audit", async () => {
  const known: StatusOutcome = { outcome: "known", audit: closedAtKard() };
  const { world, adopt } = worldWhereKardHas(known, known);
  const results = await adopt("kard-1", "kard-1");
  expect(results.map(({ result }) => result).sort()).toEqual(["adopted", "tracked-already"]);
  expect(world.state.audits.size).toBe(1);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("an audit that was filed through the tracker is found under its own id", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.audits.create(openAudit());
  await world.kardAuditIds.claim("kard-1", openAudit());
  expect(await adopt("kard-1")).toMatchObject([{ result: "tracked-already", audit: { auditId: openAudit().auditId } }]);
  expect(world.state.audits.size).toBe(1);
});

test.each<[StatusOutcome, string]>([
  [{ outcome: "missing" }, "unknown"],
  [{ outcome: "throttled", retryAfterMs: undefined }, "unavailable"],
  [{ outcome: "unauthorized" }, "unavailable"],
  [{ outcome: "failed", reason: "timeout" }, "unavailable"],
])("on %p nothing is stored: %s", async (outcome, result) => {
  const { world, adopt } = worldWhereKardHas(outcome);
  expect(await adopt("kard-1")).toEqual([{ result }]);
  expect(world.state.audits.size).toBe(0);
});

test("results keep the order of the ids", async () => {
  const { adopt } = worldWhereKardHas({ outcome: "missing" }, { outcome: "known", audit: openAtKard("NEW", "b") });
  expect(await adopt("a", "b")).toMatchObject([{ result: "unknown" }, { result: "adopted" }]);
});

test("the id of an audit that a lost create made is taken for this create's answer", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: closedAtKard() });
  await world.audits.create(waitingAudit());
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId: waitingAudit().auditId } }]);
  expect(world.state.audits.size).toBe(1);
  expect(await world.audits.get(waitingAudit())).toMatchObject({ status: "CLOSED", kardAuditId: "kard-1" });
  expect(world.resolutions.sent).toHaveLength(1);
});

test.each([
  ["that Kard has not got", waitingAudit({ submission: "unsent" })],
  ["of another user", waitingAudit({ userId: "other" })],
  ["with other contents", waitingAudit({ request: { ...aRequest, merchantName: "other" } })],
])("a waiting audit %s is not taken for it", async (_, waiting) => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.audits.create(waiting);
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId } }]);
  expect(await world.audits.get(waiting)).toEqual(waiting);
});

test("an id that another issuer tracks is unknown, and Kard is asked all the same", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.kardAuditIds.claim("kard-1", openAudit({ organizationId: "other" }));
  expect(await adopt("kard-1")).toEqual([{ result: "unknown" }]);
  expect(world.kard.gets).toHaveLength(1);
  expect(world.state.audits.size).toBe(0);
});

test("where Kard's answer proves nothing every id is unknown, and Kard is not asked", async () => {
  const { world, adopt } = worldWhereKardHas();
  world.provesOwnership = async () => false;
  expect(await adopt("kard-1", "kard-2")).toEqual([{ result: "unknown" }, { result: "unknown" }]);
  expect(world.kard.gets).toEqual([]);
});

test("of two issuers who adopt one id at once only one gets it", async () => {
  const { world } = worldWhereKardHas();
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  const results = await Promise.all(["org", "other"].map((issuer) => adoptAudits(world)(issuer, "user-1", ["kard-1"])));
  expect(results.flat().map(({ result }) => result)).toEqual(["adopted", "unknown"]);
  expect(world.state.audits.size).toBe(1);
});

test("an adoption that was interrupted is finished under the audit id that it had claimed", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.kardAuditIds.claim("kard-1", { organizationId: "org", auditId: "claimed" });
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId: "claimed" } }]);
});

test("after ten seconds no adoption begins, and the request can be repeated for the rest", async () => {
  const { world, adopt } = worldWhereKardHas();
  const ids = Array.from({ length: 100 }, (_, position) => `kard-${position}`);
  for (const id of ids) world.kard.audits.set(id, openAtKard("NEW", id));
  const { getAudit } = world.kard;
  world.kard.getAudit = (organizationId, id) => {
    // Ten calls at once of four seconds each.
    world.time.advance(400);
    return getAudit(organizationId, id);
  };
  const results = await adopt(...ids);
  const adopted = results.filter(({ result }) => result === "adopted").length;
  expect(adopted).toBeGreaterThan(0);
  expect(results.slice(adopted).map(({ result }) => result)).toEqual(Array(100 - adopted).fill("unavailable"));
  expect(world.kard.gets).toHaveLength(adopted);

  for (let times = 0; times < 10; times++) await adopt(...ids);
  expect(world.state.audits.size).toBe(100);
});

test("an adoption that fails fails alone, after the others have ended", async () => {
  const { world, adopt } = worldWhereKardHas();
  for (const id of ["kard-1", "kard-2", "kard-3"]) world.kard.audits.set(id, openAtKard("NEW", id));
  const { create } = world.audits;
  let creates = 0;
  world.audits.create = async (audit) => {
    if (++creates === 1) throw new Error("throttled");
    return create(audit);
  };
  const results = await adopt("kard-1", "kard-2", "kard-3");
  expect(results.map(({ result }) => result)).toEqual(["unavailable", "adopted", "adopted"]);
  expect(world.errors).toHaveLength(1);
  expect(world.state.audits.size).toBe(2);
});
