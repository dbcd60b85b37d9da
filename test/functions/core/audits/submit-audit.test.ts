import { describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { submitAgain, submitFirst } from "../../../../functions/core/audits/submit-audit.ts";
import { submitLeaseMs, submitWaitMs } from "../../../../functions/core/audits/submit-backoff.ts";
import type { CreateOutcome } from "../../../../functions/core/kard/ports.ts";
import type { JsonApiError } from "../../../../functions/core/shared/json-api-error.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const conflictErrors: JsonApiError[] = [{ status: "409", title: "Conflict Error", detail: "exists", id: "kard-lost" }];
const conflict: CreateOutcome = { outcome: "refused", status: 409, errors: conflictErrors };
const badRequest: CreateOutcome = {
  outcome: "refused",
  status: 400,
  errors: [{ status: "400", title: "Invalid Request", detail: "no" }],
};
const unanswered: CreateOutcome = { outcome: "unanswered", reason: "timeout" };
const throttled: CreateOutcome = { outcome: "throttled", retryAfterMs: 90_000 };
const inconclusive: CreateOutcome[] = [
  throttled,
  { outcome: "unauthorized" },
  { outcome: "unsent", reason: "connection" },
  unanswered,
];

async function worldWith(audit: Audit, ...outcomes: CreateOutcome[]) {
  const world = fakeWorld();
  await world.audits.create(audit);
  world.kard.createOutcomes.push(...outcomes);
  const stored = async () => {
    const found = await world.audits.get(audit);
    if (found === undefined) throw new Error("the audit has vanished");
    return found;
  };
  /** Waits until the audit is due and retries it. */
  const tryAgain = async () => {
    const current = await stored();
    world.time.set(Math.max(current.laneAt ?? 0, world.clock()));
    return submitAgain(world)(current);
  };
  return { world, stored, tryAgain };
}

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

  test("Kard's answer is stored even if the audit has become overdue meanwhile", async () => {
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

describe("after an answer was lost", () => {
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

describe("an audit that Kard accepted without an id", () => {
  const withoutId: CreateOutcome = { outcome: "accepted-without-id", reason: "malformed-answer" };
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

test("a Retry-After of a lost answer is kept", async () => {
  const later: CreateOutcome = { outcome: "unanswered", reason: "server-error", retryAfterMs: 90_000 };
  const { world, stored } = await worldWith(submittingAudit(), later);
  await submitFirst(world)(submittingAudit());
  expect(await stored()).toMatchObject({ submission: "unconfirmed", laneAt: noon + 90_000 });
});
