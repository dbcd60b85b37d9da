import { describe, expect, test } from "@jest/globals";
import { submitFirst } from "../../../../functions/core/audits/submit-audit.ts";
import { submitWaitMs } from "../../../../functions/core/audits/submit-backoff.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { openAudit, submittingAudit } from "../../../support/sample-audits.ts";
import { badRequest, conflict, inconclusive, unanswered, worldWith } from "./create-outcomes.ts";

describe("the first try", () => {
  test("an audit that Kard accepts is NEW, in lane OPEN from now on, with Kard's id", async () => {
    const { world, stored } = await worldWith(submittingAudit());
    world.time.advance(700);
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "accepted" });
    expect(await stored()).toMatchObject({
      status: "NEW",
      submission: "confirmed",
      kardAuditId: "kard-1",
      acceptedAt: noon + 700,
      lane: "OPEN",
      laneAt: noon + 700,
      sequence: 0,
    });
  });

  test.each([badRequest, conflict])(
    "an audit that Kard refuses is settled without an event, because the response reports it",
    async (outcome) => {
      const { world, stored } = await worldWith(submittingAudit(), outcome);
      expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "refused" });
      const audit = await stored();
      expect(audit).toMatchObject({ status: "REJECTED", submission: "confirmed", sequence: 0, settledAt: noon });
      expect(audit.refusal).toMatchObject({ status: "status" in outcome ? outcome.status : 0 });
      expect(audit.lane ?? audit.laneAt ?? audit.outboxAt).toBeUndefined();
    },
  );

  test.each(inconclusive)("an audit without a decision waits in its lane: $outcome", async (outcome) => {
    const { world, stored } = await worldWith(submittingAudit(), outcome);
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "waiting", why: outcome.outcome });
    const retryAfterMs = outcome.outcome === "throttled" ? outcome.retryAfterMs : undefined;
    expect(await stored()).toMatchObject({
      status: "SUBMITTING",
      submission: outcome.outcome === "unanswered" ? "unconfirmed" : "unsent",
      lane: "SUBMIT",
      laneAt: noon + submitWaitMs(1, 0.5, retryAfterMs),
    });
    expect((await stored()).leasedUntil).toBeUndefined();
  });

  test("Kard's response is stored even if the audit has become overdue meanwhile", async () => {
    const { world, stored } = await worldWith(submittingAudit());
    const create = world.kard.createAudit;
    world.kard.createAudit = async (...given) => {
      const seen = await stored();
      await world.audits.update(seen, { ...seen, overdueAt: noon, sequence: 1 }, []);
      return create(...given);
    };
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "accepted" });
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-1", overdueAt: noon, sequence: 1 });
  });

  test("an audit that another function has changed further stays as it is", async () => {
    const { world, stored } = await worldWith(openAudit({ kardAuditId: "kard-other" }), unanswered);
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "accepted" });
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-other" });
  });

  test("Kard's id is claimed for the audit before it is stored", async () => {
    const { world, stored } = await worldWith(submittingAudit());
    const { update } = world.audits;
    let claimed: unknown;
    world.audits.update = async (...given) => {
      claimed = await world.kardAuditIds.find("kard-1");
      return update(...given);
    };
    await submitFirst(world)(submittingAudit());
    expect(claimed).toEqual({ organizationId: "org", auditId: (await stored()).auditId });
  });

  test("an id of another audit of the issuer is stored, too", async () => {
    const { world, stored } = await worldWith(submittingAudit());
    await world.kardAuditIds.claim("kard-1", openAudit({ auditId: "first" }));
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "accepted" });
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-1" });
    expect(await world.kardAuditIds.find("kard-1")).toMatchObject({ auditId: "first" });
  });

  test("an id of another issuer's audit is not", async () => {
    const { world, stored } = await worldWith(submittingAudit());
    await world.kardAuditIds.claim("kard-1", openAudit({ organizationId: "other" }));
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({ result: "refused" });
    const audit = await stored();
    expect(audit).toMatchObject({ status: "REJECTED", refusal: { status: 409 } });
    expect(audit.kardAuditId).toBeUndefined();
  });

  test("it fails when other writers are always faster", async () => {
    const { world } = await worldWith(submittingAudit());
    world.audits.update = async () => "stale";
    await expect(submitFirst(world)(submittingAudit())).rejects.toThrow("kept changing");
  });

  test("a missing audit is an error", async () => {
    await expect(submitFirst(fakeWorld())(submittingAudit())).rejects.toThrow("missing in the table");
  });
});
