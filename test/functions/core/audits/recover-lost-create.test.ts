import { describe, expect, test } from "@jest/globals";
import { submitFirst } from "../../../../functions/core/audits/submit-audit.ts";
import type { CreateOutcome } from "../../../../functions/core/kard/ports.ts";
import type { JsonApiError } from "../../../../functions/core/shared/json-api-error.ts";
import { noon } from "../../../support/fake-clock.ts";
import { openAudit, submittingAudit } from "../../../support/sample-audits.ts";
import { badRequest, conflict, conflictErrors, inconclusive, unanswered, worldWith } from "./create-outcomes.ts";

describe("after a response was lost", () => {
  test("a conflict whose audit is found is recovered", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), conflict);
    world.kard.lostAudit = "kard-lost";
    expect(await tryAgain()).toMatchObject({ result: "accepted" });
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-lost", submission: "confirmed" });
  });

  test("a conflict with another audit of the issuer is a refusal", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), conflict);
    await world.kardAuditIds.claim("kard-lost", openAudit({ auditId: "namesake" }));
    world.kard.lostAudit = "kard-lost";
    expect(await tryAgain()).toMatchObject({ result: "refused" });
    expect(await stored()).toMatchObject({ status: "REJECTED", events: { e1: { type: "audit.rejected" } } });
  });

  test("a conflict that names only other audits of the issuer is a refusal, however they differ", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), conflict);
    await world.kardAuditIds.claim("kard-lost", openAudit({ auditId: "namesake" }));
    expect(await tryAgain()).toMatchObject({ result: "refused" });
    expect(await stored()).toMatchObject({ status: "REJECTED", events: { e1: { type: "audit.rejected" } } });
  });

  test("a conflict with an id that this audit has claimed is recovered, whatever Kard shows", async () => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), conflict);
    await world.kardAuditIds.claim("kard-lost", submittingAudit());
    expect(await tryAgain()).toMatchObject({ result: "accepted" });
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-lost" });
  });

  test("ids of other audits in a conflict are not read", async () => {
    const free = { ...conflictErrors[0], id: "kard-free" } as JsonApiError;
    const both: CreateOutcome = { ...conflict, errors: [...conflictErrors, free] } as CreateOutcome;
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), both);
    await world.kardAuditIds.claim("kard-lost", openAudit({ auditId: "namesake" }));
    const looked: (string | undefined)[] = [];
    world.kard.findLostAudit = async (_, errors) => {
      looked.push(...errors.map(({ id }) => id));
      return "kard-free";
    };
    await tryAgain();
    expect(looked).toEqual(["kard-free"]);
    expect(await stored()).toMatchObject({ status: "NEW", kardAuditId: "kard-free" });
  });

  test("if the owner of one id cannot be read, the other reads are awaited before the error is thrown", async () => {
    const free = { ...conflictErrors[0], id: "kard-free" } as JsonApiError;
    const both: CreateOutcome = { ...conflict, errors: [...conflictErrors, free] } as CreateOutcome;
    const { world, tryAgain } = await worldWith(submittingAudit(), both);
    const unreadable = new Error("throttled by the table");
    const other = Promise.withResolvers<undefined>();
    world.kardAuditIds.find = (id) => (id === "kard-lost" ? Promise.reject(unreadable) : other.promise);
    let hasEnded = false;
    const tried = tryAgain().finally(() => {
      hasEnded = true;
    });
    const rejected = expect(tried).rejects.toBe(unreadable);
    await new Promise((passed) => setImmediate(passed));
    expect(hasEnded).toBe(false);
    other.resolve(undefined);
    await rejected;
  });

  test("a conflict whose audit is not found leaves it waiting and unconfirmed", async () => {
    const { stored, tryAgain } = await worldWith(submittingAudit(), conflict);
    expect(await tryAgain()).toMatchObject({ result: "waiting", why: "conflict" });
    expect(await stored()).toMatchObject({ status: "SUBMITTING", submission: "unconfirmed", lane: "SUBMIT" });
  });

  test.each(inconclusive)("a later call without a decision leaves it unconfirmed: $outcome", async (outcome) => {
    const { world, stored, tryAgain } = await worldWith(submittingAudit(), unanswered, outcome, conflict);
    await tryAgain();
    await tryAgain();
    expect(await stored()).toMatchObject({ submission: "unconfirmed" });
    world.kard.lostAudit = "kard-lost";
    expect(await tryAgain()).toMatchObject({ result: "accepted", audit: { kardAuditId: "kard-lost" } });
  });

  test("a definite refusal other than a conflict settles it", async () => {
    const { tryAgain } = await worldWith(submittingAudit(), badRequest);
    expect(await tryAgain()).toMatchObject({ result: "refused" });
  });
});

test("a Retry-After of a lost response is kept", async () => {
  const later: CreateOutcome = { outcome: "unanswered", reason: "server-error", retryAfterMs: 90_000 };
  const { world, stored } = await worldWith(submittingAudit(), later);
  await submitFirst(world)(submittingAudit());
  expect(await stored()).toMatchObject({ submission: "unconfirmed", laneAt: noon + 90_000 });
});
