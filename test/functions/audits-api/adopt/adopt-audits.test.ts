import { expect, test } from "@jest/globals";
import { adoptAudits } from "../../../../functions/audits-api/adopt/adopt-audits.ts";
import type { StatusOutcome } from "../../../../functions/core/kard/ports.ts";
import { noon } from "../../../support/fake-clock.ts";
import { closedAtKard, openAtKard, openAudit, pendingAdoption } from "../../../support/sample-audits.ts";
import { auditId, worldWhereKardHas } from "../adopting-world.ts";

test("an open audit at Kard is tracked like any other", async () => {
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

test("one that Kard is working on is IN_PROGRESS and has its event", async () => {
  const { adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("IN_PROGRESS") });
  expect(await adopt("kard-1")).toMatchObject([
    { audit: { status: "IN_PROGRESS", events: { e1: { type: "audit.in_progress" } } } },
  ]);
});

test("one that is CLOSED is stored as closed and published", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: closedAtKard() });
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { status: "CLOSED" } }]);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("adopting again returns the first and makes no call", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await adopt("kard-1");
  expect(await adopt("kard-1")).toMatchObject([{ result: "already-tracked", audit: { auditId } }]);
  expect(world.kard.gets).toHaveLength(1);
});

test("an id in upper case is the same audit", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await adopt("kard-1");
  expect(await adopt("KARD-1")).toMatchObject([{ result: "already-tracked", audit: { auditId } }]);
  expect(world.kard.gets).toHaveLength(1);
});

test("an adopted audit has Kard's spelling of the id", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW", "5eb2d4a3") });
  expect(await adopt("5EB2D4A3")).toMatchObject([{ result: "adopted", audit: { kardAuditId: "5eb2d4a3" } }]);
  expect(await world.kardAuditIds.find("5eb2d4a3")).toBeDefined();
});

test("the same id twice in one request is one audit", async () => {
  const known: StatusOutcome = { outcome: "known", audit: closedAtKard() };
  const { world, adopt } = worldWhereKardHas(known, known);
  const results = await adopt("kard-1", "kard-1");
  expect(results.map(({ result }) => result).sort()).toEqual(["adopted", "already-tracked"]);
  expect(world.state.audits.size).toBe(1);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("an audit that was submitted through the tracker is found under its own id", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.audits.create(openAudit());
  await world.kardAuditIds.claim("kard-1", openAudit());
  expect(await adopt("kard-1")).toMatchObject([{ result: "already-tracked", audit: { auditId: openAudit().auditId } }]);
  expect(world.state.audits.size).toBe(1);
});

test("an id that Kard does not know is unknown, and nothing is stored", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "missing" });
  expect(await adopt("kard-1")).toEqual([{ result: "unknown" }]);
  expect(world.state.audits.size).toBe(0);
  expect(world.state.adoptions.size).toBe(0);
});

test.each<[StatusOutcome, number]>([
  [{ outcome: "throttled", retryAfterMs: undefined }, 3_750],
  [{ outcome: "throttled", retryAfterMs: 600_000 }, 600_000],
  [{ outcome: "unauthorized" }, 3_750],
  [{ outcome: "failed", reason: "timeout" }, 3_750],
  [{ outcome: "failed", reason: "server-error" }, 3_750],
  [{ outcome: "not-understood", reason: "malformed-response" }, 3_750],
  [{ outcome: "known", audit: { ...openAtKard("NEW"), request: undefined } }, 3_750],
])("on %j the adoption is stored before the response, and retried in %i ms", async (outcome, waitMs) => {
  const { world, adopt } = worldWhereKardHas(outcome);
  const adoption = pendingAdoption({ laneAt: noon + waitMs });
  expect(await adopt("kard-1")).toEqual([{ result: "pending", adoption }]);
  expect(await world.adoptions.get(adoption)).toEqual(adoption);
  expect(world.state.audits.size).toBe(0);
  expect(await world.issuers.list()).toEqual(["org"]);
});

test("adopting again while it is pending is answered from the table, without a call", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "failed", reason: "timeout" });
  const first = await adopt("kard-1");
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  expect(await adopt("kard-1")).toEqual(first);
  expect(await adoptAudits(world)("org", "user-2", ["kard-1"])).toEqual(first);
  expect(world.kard.gets).toHaveLength(1);
});

test("a pending adoption whose audit is tracked by now returns the audit", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "failed", reason: "timeout" });
  await adopt("kard-1");
  await world.audits.create(openAudit());
  await world.kardAuditIds.claim("kard-1", openAudit());
  expect(await adopt("kard-1")).toMatchObject([{ result: "already-tracked", audit: { kardAuditId: "kard-1" } }]);
});

test("after a throttled call the remaining ids are left to the poller", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "throttled", retryAfterMs: 9_000 });
  const ids = Array.from({ length: 30 }, (_, position) => `kard-${position}`);
  for (const id of ids) world.kard.audits.set(id, openAtKard("NEW", id));
  const results = await adopt(...ids);
  expect(world.kard.gets.length).toBeLessThanOrEqual(10);
  expect(results.filter(({ result }) => result === "adopted")).toHaveLength(world.kard.gets.length - 1);
  expect(results.filter(({ result }) => result === "pending")).toHaveLength(31 - world.kard.gets.length);
  // An adoption without a call is due at once.
  expect(results.at(-1)).toMatchObject({ result: "pending", adoption: { attempts: 0, laneAt: noon } });
});

test("another issuer's id that is left to the poller gets the same response as any other", async () => {
  const { world } = worldWhereKardHas({ outcome: "failed", reason: "timeout" });
  await world.kardAuditIds.claim("kard-2", openAudit({ organizationId: "other" }));
  world.kard.statusOutcomes.push({ outcome: "failed", reason: "timeout" });
  const results = await adoptAudits(world)("org", "user-1", ["kard-1", "kard-2"]);
  expect(results.map(({ result }) => result)).toEqual(["pending", "pending"]);
});

test("an id that the table does not accept is not stored, alone", async () => {
  const { world, adopt } = worldWhereKardHas(
    { outcome: "failed", reason: "timeout" },
    { outcome: "failed", reason: "timeout" },
  );
  const { add } = world.adoptions;
  world.adoptions.add = async (adoption) => {
    if (adoption.kardAuditId === "kard-1") throw new Error("throttled");
    return add(adoption);
  };
  expect(await adopt("kard-1", "kard-2")).toMatchObject([{ result: "not-stored" }, { result: "pending" }]);
  expect(world.errors).toHaveLength(1);
});

test("results keep the order of the ids", async () => {
  const { adopt } = worldWhereKardHas({ outcome: "missing" }, { outcome: "known", audit: openAtKard("NEW", "b") });
  expect(await adopt("a", "b")).toMatchObject([{ result: "unknown" }, { result: "adopted" }]);
});

test("after ten seconds no adoption starts, and the rest is stored for the poller", async () => {
  const { world, adopt } = worldWhereKardHas();
  const ids = Array.from({ length: 100 }, (_, position) => `kard-${position}`);
  for (const id of ids) world.kard.audits.set(id, openAtKard("NEW", id));
  const { getAudit } = world.kard;
  world.kard.getAudit = (organizationId, id) => {
    // Ten concurrent calls of four seconds each.
    world.time.advance(400);
    return getAudit(organizationId, id);
  };
  const results = await adopt(...ids);
  const adopted = results.filter(({ result }) => result === "adopted").length;
  expect(adopted).toBeGreaterThan(0);
  expect(results.slice(adopted).map(({ result }) => result)).toEqual(Array(100 - adopted).fill("pending"));
  expect(world.kard.gets).toHaveLength(adopted);
  expect(world.state.adoptions.size).toBe(100 - adopted);
});

test("a failed adoption does not affect others, and is retried", async () => {
  const { world, adopt } = worldWhereKardHas();
  for (const id of ["kard-1", "kard-2", "kard-3"]) world.kard.audits.set(id, openAtKard("NEW", id));
  const { create } = world.audits;
  let creates = 0;
  world.audits.create = async (audit) => {
    if (++creates === 1) throw new Error("throttled");
    return create(audit);
  };
  const results = await adopt("kard-1", "kard-2", "kard-3");
  expect(results.map(({ result }) => result)).toEqual(["pending", "adopted", "adopted"]);
  expect(world.errors).toHaveLength(1);
  expect(world.state.audits.size).toBe(2);
});
