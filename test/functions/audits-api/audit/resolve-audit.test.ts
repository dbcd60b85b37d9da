import { describe, expect, test } from "@jest/globals";
import { type Finding, resolveAudit } from "../../../../functions/audits-api/audit/resolve-audit.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { submitLeaseMs } from "../../../../functions/core/audits/submit-backoff.ts";
import type { CreateOutcome, StatusOutcome } from "../../../../functions/core/kard/ports.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import {
  aRequest,
  closedAtKard,
  openAtKard,
  openAudit,
  submittingAudit,
  waitingAudit,
} from "../../../support/sample-audits.ts";

const found: Finding = { kardAuditId: "kard-1" };
const notAtKard: Finding = { notAtKard: true };
const conflict: CreateOutcome = {
  outcome: "refused",
  status: 409,
  errors: [{ status: "409", title: "Conflict Error", detail: "it exists" }],
};

async function worldWith(audit: Audit) {
  const world = fakeWorld();
  await world.audits.create(audit);
  const stored = () => world.audits.get(audit);
  return { world, stored, resolve: (finding: Finding) => resolveAudit(world)(audit, finding) };
}

describe("if Kard has it", () => {
  test("the audit gets Kard's id and Kard's status", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.audits.set("kard-1", openAtKard("IN_PROGRESS"));
    expect(await resolve(found)).toMatchObject({ result: "resolved", audit: { status: "IN_PROGRESS" } });
    expect(await stored()).toMatchObject({ status: "IN_PROGRESS", kardAuditId: "kard-1", submission: "confirmed" });
    expect(await world.kardAuditIds.find("kard-1")).toMatchObject({ auditId: waitingAudit().auditId });
    expect(world.kard.creates).toEqual([]);
  });

  test("one that Kard has closed meanwhile is published", async () => {
    const { world, resolve } = await worldWith(waitingAudit());
    world.kard.audits.set("kard-1", closedAtKard());
    expect(await resolve(found)).toMatchObject({ result: "resolved", audit: { status: "CLOSED" } });
    expect(world.resolutions.sent).toHaveLength(1);
  });

  test("so is one that Kard accepted without an id", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit({ acceptedWithoutIdAt: noon }));
    world.kard.audits.set("kard-1", openAtKard("NEW"));
    expect(await resolve(found)).toMatchObject({ result: "resolved" });
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-1" });
  });

  test("repeating it changes nothing", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.audits.set("kard-1", openAtKard("NEW"));
    await resolve(found);
    const after = await stored();
    expect(await resolveAudit(world)(after ?? waitingAudit(), found)).toMatchObject({ result: "resolved" });
    expect(await stored()).toEqual(after);
  });

  test("its id may be written in another case", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.statusOutcomes.push({ outcome: "known", audit: openAtKard("NEW") });
    expect(await resolve({ kardAuditId: "KARD-1" })).toMatchObject({ result: "resolved" });
    const after = await stored();
    expect(after).toMatchObject({ status: "NEW", kardAuditId: "kard-1" });
    expect(await resolveAudit(world)(after ?? waitingAudit(), { kardAuditId: "Kard-1" })).toMatchObject({
      result: "resolved",
    });
  });

  test.each<[StatusOutcome, string]>([
    [{ outcome: "missing" }, "unknown"],
    [{ outcome: "failed", reason: "timeout" }, "unavailable"],
    [{ outcome: "throttled", retryAfterMs: undefined }, "unavailable"],
    [
      { outcome: "known", audit: { ...openAtKard("NEW"), request: { ...aRequest, merchantName: "other" } } },
      "different",
    ],
    [{ outcome: "known", audit: { ...openAtKard("NEW"), request: undefined } }, "different"],
  ])("when Kard answers %j nothing changes: %s", async (outcome, result) => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.statusOutcomes.push(outcome);
    expect(await resolve(found)).toEqual({ result });
    expect(await stored()).toEqual(waitingAudit());
    expect(world.state.kardAuditIds.size).toBe(0);
  });

  test("an id of another audit stays there", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    const other = openAudit({ auditId: "other" });
    await world.audits.create(other);
    await world.kardAuditIds.claim("kard-1", other);
    world.kard.audits.set("kard-1", openAtKard("NEW"));
    expect(await resolve(found)).toMatchObject({ result: "taken", owner: { auditId: "other" } });
    expect(await stored()).toEqual(waitingAudit());
  });

  test("an id of another issuer gets the same response as an unknown one", async () => {
    const { world, resolve } = await worldWith(waitingAudit());
    await world.kardAuditIds.claim("kard-1", openAudit({ organizationId: "other" }));
    world.kard.audits.set("kard-1", openAtKard("NEW"));
    expect(await resolve(found)).toEqual({ result: "unknown" });
  });
});

describe("if Kard does not have it", () => {
  test("it is submitted again, and NEW if Kard accepts it", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit({ acceptedWithoutIdAt: noon }));
    expect(await resolve(notAtKard)).toMatchObject({ result: "resolved", audit: { status: "NEW" } });
    expect(world.kard.creates).toHaveLength(1);
    expect(await stored()).toMatchObject({ kardAuditId: "kard-1" });
    expect((await stored())?.acceptedWithoutIdAt).toBeUndefined();
  });

  test("a conflict is a refusal, with an event for subscribers", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.createOutcomes.push(conflict);
    expect(await resolve(notAtKard)).toMatchObject({ result: "resolved", audit: { status: "REJECTED" } });
    expect(await stored()).toMatchObject({ events: { e1: { type: "audit.rejected", publishedAt: noon } } });
  });

  test("while Kard does not decide it waits, as one that Kard does not have", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.createOutcomes.push({ outcome: "throttled", retryAfterMs: undefined });
    expect(await resolve(notAtKard)).toMatchObject({ result: "waiting" });
    expect(await stored()).toMatchObject({ status: "SUBMITTING", submission: "unsent" });
  });

  test("another lost response makes it unconfirmed again", async () => {
    const { world, stored, resolve } = await worldWith(waitingAudit());
    world.kard.createOutcomes.push({ outcome: "unanswered", reason: "timeout" });
    expect(await resolve(notAtKard)).toMatchObject({ result: "waiting" });
    expect(await stored()).toMatchObject({ submission: "unconfirmed" });
  });
});

describe.each([found, notAtKard])("whatever was found: %j", (finding) => {
  test("an audit that is being submitted is left to that call", async () => {
    const { world, resolve } = await worldWith(submittingAudit());
    expect(await resolve(finding)).toEqual({ result: "under-way", until: noon + submitLeaseMs });
    expect(world.kard.creates).toEqual([]);
    expect(world.kard.gets).toEqual([]);
  });

  test.each(["NEW", "CLOSED", "REJECTED"] as const)("an audit that is %s is not unconfirmed", async (status) => {
    const { world, resolve } = await worldWith(openAudit({ status, kardAuditId: "kard-9" }));
    expect(await resolve(finding)).toMatchObject({ result: "confirmed" });
    expect(world.kard.creates).toEqual([]);
  });
});

test("two concurrent calls submit it once", async () => {
  const { world, resolve } = await worldWith(waitingAudit());
  const results = await Promise.all([resolve(notAtKard), resolve(notAtKard)]);
  expect(results.map(({ result }) => result).sort()).toEqual(["resolved", "under-way"]);
  expect(world.kard.creates).toHaveLength(1);
});
