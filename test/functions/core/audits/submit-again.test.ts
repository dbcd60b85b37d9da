import { describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { submitAgain, submitFirst } from "../../../../functions/core/audits/submit-audit.ts";
import { submitLeaseMs } from "../../../../functions/core/audits/submit-backoff.ts";
import type { CreateOutcome } from "../../../../functions/core/kard/ports.ts";
import { noon } from "../../../support/fake-clock.ts";
import { submittingAudit } from "../../../support/sample-audits.ts";
import { badRequest, conflict, inconclusive, worldWith } from "./create-outcomes.ts";

describe("a later try", () => {
  test("is claimed before the call, so a crash leaves it unconfirmed and in its lane", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit({ submission: "unsent", laneAt: noon }));
    let seen: Audit | undefined;
    world.kard.createAudit = async () => {
      seen = await stored();
      throw new Error("crash");
    };
    await expect(tryAgain()).rejects.toThrow("crash");
    expect(seen).toMatchObject({ submission: "unconfirmed", submitAttempts: 2, leasedUntil: noon + submitLeaseMs });
  });

  test("of concurrent retries exactly one makes a call", async () => {
    const due = submittingAudit({ laneAt: noon });
    const { world } = await worldWith(due);
    const results = await Promise.all(Array.from({ length: 20 }, () => submitAgain(world)(due)));
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(world.kard.creates).toHaveLength(1);
  });

  test("a refusal has an event, because no caller waits", async () => {
    const { stored, tryAgain } = await worldWith(submittingAudit({ submission: "unsent" }), badRequest);
    expect(await tryAgain()).toMatchObject({ result: "refused" });
    expect(await stored()).toMatchObject({
      status: "REJECTED",
      sequence: 1,
      events: { e1: { type: "audit.rejected" } },
    });
  });

  test("a conflict is a refusal if no earlier call can have been made", async () => {
    const { world, tryAgain } = await worldWith(submittingAudit({ submission: "unsent" }), conflict);
    world.kard.lostAudit = "kard-lost";
    expect(await tryAgain()).toMatchObject({ result: "refused" });
  });

  test.each(inconclusive)("waits longer each time: $outcome", async (outcome) => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit({ submission: "unsent" }), outcome, outcome);
    await tryAgain();
    const first = ((await stored()).laneAt ?? 0) - world.clock();
    await tryAgain();
    const second = ((await stored()).laneAt ?? 0) - world.clock();
    expect(second).toBe(outcome.outcome === "throttled" ? first : 2 * first);
  });
});

describe("an audit that Kard accepted without an id", () => {
  const withoutId: CreateOutcome = { outcome: "accepted-without-id", reason: "malformed-response" };
  const day = 24 * 60 * 60_000;

  test("is never submitted again, neither by the poller nor on request, and stays in its lane", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), withoutId);
    expect(await submitFirst(world)(submittingAudit())).toMatchObject({
      result: "waiting",
      why: "accepted-without-id",
    });
    for (let tries = 0; tries < 100; tries++) {
      await submitAgain(world)(await stored());
      expect(await tryAgain()).toMatchObject({ result: "waiting" });
    }
    expect(world.clock()).toBeGreaterThan(noon + 4 * day);
    expect(world.kard.creates).toHaveLength(1);
    const waiting = { status: "SUBMITTING", submission: "unconfirmed", lane: "SUBMIT", acceptedWithoutIdAt: noon };
    expect(await stored()).toMatchObject(waiting);
  });

  test("in a retry is not submitted again, even if another function has claimed it since", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), withoutId);
    const { createAudit } = world.kard;
    world.kard.createAudit = async (...call) => {
      const audit = await stored();
      await world.audits.update(audit, { ...audit, laneAt: noon + day }, ["laneAt"]);
      return createAudit(...call);
    };
    expect(await tryAgain()).toMatchObject({ result: "waiting", why: "accepted-without-id" });
    await tryAgain();
    expect(world.kard.creates).toHaveLength(1);
  });

  test("is accepted once its id is known", async () => {
    const { world, stored } = await worldWith(submittingAudit(), withoutId);
    await submitFirst(world)(submittingAudit());
    const accepted = changeAudit(await stored(), "accept", { kardAuditId: "kard-9" }, noon);
    expect(accepted).toMatchObject({ status: "NEW", submission: "confirmed", kardAuditId: "kard-9", lane: "OPEN" });
  });
});
