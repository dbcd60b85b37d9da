import { describe, expect, test } from "@jest/globals";
import { submitRequests } from "../../../functions/audits-api/submit-requests.ts";
import { submitAgain } from "../../../functions/core/audits/submit-audit.ts";
import { submitLeaseMs } from "../../../functions/core/audits/submit-backoff.ts";
import type { AuditRequest } from "../../../functions/core/kard/audit-request.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aRequest } from "../../support/sample-audits.ts";
import { Crash, withCrash } from "../../support/with-faults.ts";

const idempotency = { key: "key-1", fingerprint: "first" };

function requestsFor(...transactionIds: string[]): AuditRequest[] {
  return transactionIds.map((transactionId) => ({ ...aRequest, transactionId }));
}

function keyless(requests: AuditRequest[]) {
  return { organizationId: "org", userId: "user-1", requests, idempotency: undefined };
}

function keyed(requests: AuditRequest[], key = idempotency) {
  return { ...keyless(requests), idempotency: key };
}

const everyAudit = (world: ReturnType<typeof fakeWorld>) => [...world.state.audits.values()];

describe("without an Idempotency-Key", () => {
  test("each audit is handed to Kard by a call of its own, and the results keep their order", async () => {
    const world = fakeWorld();
    world.kard.createOutcomes.push(
      { outcome: "accepted", kardAuditId: "kard-a" },
      { outcome: "refused", status: 400, errors: [{ status: "400", title: "Invalid Request", detail: "no" }] },
      { outcome: "unanswered", reason: "timeout" },
    );
    const outcome = await submitRequests(world)(keyless(requestsFor("a", "b", "c")));
    expect(outcome).toMatchObject({
      outcome: "submitted",
      results: [
        { result: "accepted", audit: { request: { transactionId: "a" } } },
        { result: "refused", audit: { request: { transactionId: "b" } } },
        { result: "waiting", audit: { request: { transactionId: "c" } } },
      ],
    });
    expect(world.kard.creates.map(({ request }) => request.transactionId)).toEqual(["a", "b", "c"]);
  });

  test("all audits are stored, with a lease, before Kard is first asked", async () => {
    const world = fakeWorld();
    const seen: unknown[] = [];
    world.kard.createAudit = async () => {
      seen.push(everyAudit(world).map(({ lane, laneAt, submission }) => ({ lane, laneAt, submission })));
      return { outcome: "unanswered", reason: "timeout" };
    };
    await submitRequests(world)(keyless(requestsFor("a", "b")));
    const stored = { lane: "SUBMIT", laneAt: noon + submitLeaseMs, submission: "unconfirmed" };
    expect(seen[0]).toEqual([stored, stored]);
  });

  test("the same request twice makes two audits, where duplicates are not detected", async () => {
    const world = fakeWorld();
    await submitRequests(world)(keyless(requestsFor("a")));
    await submitRequests(world)(keyless(requestsFor("a")));
    expect(everyAudit(world)).toHaveLength(2);
  });

  test("all calls begin together, so that they reserve their share of the rate limit together", async () => {
    const world = fakeWorld();
    let underWay = 0;
    let most = 0;
    world.kard.createAudit = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return { outcome: "unanswered", reason: "timeout" };
    };
    const many = Array.from({ length: 40 }, (_, n) => `t-${n}`);
    await submitRequests(world)(keyless(requestsFor(...many)));
    expect(most).toBe(40);
  });

  test("what has not been called within ten seconds waits in its lane", async () => {
    const world = fakeWorld();
    const { createAudit } = world.kard;
    world.kard.createAudit = (...given) => {
      world.time.advance(1_100);
      return createAudit(...given);
    };
    const many = Array.from({ length: 30 }, (_, n) => `t-${n}`);
    const outcome = await submitRequests(world)(keyless(requestsFor(...many)));
    const results = outcome.outcome === "submitted" ? outcome.results.map(({ result }) => result) : [];
    expect(world.kard.creates.length).toBeLessThan(30);
    expect(results.filter((result) => result === "accepted")).toHaveLength(world.kard.creates.length);
    expect(everyAudit(world).filter(({ lane }) => lane === "SUBMIT")).toHaveLength(30 - world.kard.creates.length);
  });

  test("what was never called is unsent, and the poller may take it at once", async () => {
    const world = fakeWorld();
    world.kard.createAudit = async () => {
      world.time.advance(10_001);
      return { outcome: "unanswered", reason: "timeout" };
    };
    const many = Array.from({ length: 12 }, (_, n) => `t-${n}`);
    await submitRequests(world)(keyless(requestsFor(...many)));
    const uncalled = everyAudit(world).slice(10);
    expect(uncalled).toHaveLength(2);
    for (const audit of uncalled) {
      expect(audit).toMatchObject({ submission: "unsent", lane: "SUBMIT", laneAt: world.clock() });
      world.kard.createAudit = async () => ({ outcome: "refused", status: 409, errors: [] });
      expect(await submitAgain(world)(audit)).toMatchObject({ result: "refused" });
    }
  });

  test("when a write fails, everything begun is awaited and all that Kard took is recorded", async () => {
    const world = fakeWorld();
    const { createAudit } = world.kard;
    const { update } = world.audits;
    let underWay = 0;
    world.kard.createAudit = async (...given) => {
      underWay++;
      // The later a call starts, the later it ends.
      for (let turn = 0; turn < world.kard.creates.length; turn++) await new Promise(setImmediate);
      underWay--;
      return createAudit(...given);
    };
    let writes = 0;
    world.audits.update = async (...given) => {
      if (++writes === 1) throw new Error("the table cannot be reached");
      return update(...given);
    };
    const many = Array.from({ length: 30 }, (_, n) => `t-${n}`);
    const outcome = await submitRequests(world)(keyless(requestsFor(...many)));
    expect(underWay).toBe(0);
    const results = outcome.outcome === "submitted" ? outcome.results.map(({ result }) => result) : [];
    expect(results.toSorted()).toEqual([...Array(29).fill("accepted"), "waiting"]);
    expect(world.errors).toHaveLength(1);
    expect(world.kard.creates).toHaveLength(30);
    expect(everyAudit(world).filter(({ status }) => status === "NEW")).toHaveLength(29);
    // Kard's id of the audit whose write failed is kept, and the poller completes it.
    expect(world.state.kardAuditIds.size).toBe(30);
  });

  test("an audit that cannot be stored is told so at its position, and the others are handed over", async () => {
    const world = fakeWorld();
    const { create } = world.audits;
    world.audits.create = async (audit) => {
      if (audit.request.transactionId === "b") throw new Error("the table cannot be reached");
      return create(audit);
    };
    expect(await submitRequests(world)(keyless(requestsFor("a", "b", "c")))).toMatchObject({
      results: [{ result: "accepted" }, { result: "not-stored" }, { result: "accepted" }],
    });
    expect(world.errors).toHaveLength(1);
  });

  test("when not even the first audit can be stored the request fails, and nothing was begun", async () => {
    const world = fakeWorld();
    world.audits.create = async () => {
      throw new Error("the table cannot be reached");
    };
    await expect(submitRequests(world)(keyless(requestsFor("a", "b")))).rejects.toThrow("cannot be reached");
    expect(world.kard.creates).toEqual([]);
  });

  test("nothing to submit is nothing done", async () => {
    expect(await submitRequests(fakeWorld())(keyless([]))).toEqual({
      outcome: "submitted",
      results: [],
      isRepeat: false,
    });
  });
});

describe("with an Idempotency-Key", () => {
  test("fifty at once make one audit and one call", async () => {
    const world = fakeWorld();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => submitRequests(world)(keyed(requestsFor("a")))),
    );
    expect(everyAudit(world)).toHaveLength(1);
    expect(world.kard.creates).toHaveLength(1);
    const ids = outcomes
      .flatMap((outcome) => (outcome.outcome === "submitted" ? outcome.results : []))
      .map((result) => ("audit" in result ? result.audit.auditId : undefined));
    expect(ids).toHaveLength(50);
    expect(new Set(ids).size).toBe(1);
  });

  test("fifty at once with several audits call Kard at most once for each", async () => {
    const world = fakeWorld();
    await Promise.all(Array.from({ length: 50 }, () => submitRequests(world)(keyed(requestsFor("a", "b", "c")))));
    expect(everyAudit(world)).toHaveLength(3);
    const called = world.kard.creates.map(({ request }) => request.transactionId);
    expect(new Set(called).size).toBe(called.length);
  });

  test("a repeat answers from what is stored, Kard's refusal included", async () => {
    const world = fakeWorld();
    const errors = [{ status: "400", title: "Invalid Request", detail: "no" }];
    world.kard.createOutcomes.push(
      { outcome: "accepted", kardAuditId: "kard-a" },
      { outcome: "refused", status: 400, errors },
    );
    const first = await submitRequests(world)(keyed(requestsFor("a", "b")));
    const again = await submitRequests(world)(keyed(requestsFor("a", "b")));
    expect(again).toEqual({ ...first, isRepeat: true });
    expect(world.kard.creates).toHaveLength(2);
  });

  test("a key that came with another request is told so, and changes nothing", async () => {
    const world = fakeWorld();
    await submitRequests(world)(keyed(requestsFor("a")));
    const before = everyAudit(world);
    const other = { key: idempotency.key, fingerprint: "second" };
    expect(await submitRequests(world)(keyed(requestsFor("b"), other))).toEqual({ outcome: "key-reused" });
    expect(everyAudit(world)).toEqual(before);
    expect(world.kard.creates).toHaveLength(1);
  });

  test("the same key of another issuer is another key", async () => {
    const world = fakeWorld();
    await submitRequests(world)(keyed(requestsFor("a")));
    await submitRequests(world)({ ...keyed(requestsFor("a")), organizationId: "other" });
    expect(world.kard.creates.map(({ organizationId }) => organizationId)).toEqual(["org", "other"]);
  });

  test("after a crash between the puts, a repeat stores the rest and calls nobody; the lane then hands all over", async () => {
    const requests = requestsFor("a", "b", "c");
    for (let at = 1; at <= 3; at++) {
      const world = fakeWorld();
      const plan = { calls: 0, at, when: "after" } as const;
      const crashing = { ...world, audits: withCrash(world.audits, plan), kard: withCrash(world.kard, plan) };
      await submitRequests(crashing)(keyed(requests)).catch((error) => expect(error).toBeInstanceOf(Crash));
      expect(world.kard.creates).toEqual([]);

      const repeat = await submitRequests(world)(keyed(requests));
      expect(repeat).toMatchObject({ results: [{ result: "waiting" }, { result: "waiting" }, { result: "waiting" }] });
      expect(world.kard.creates).toEqual([]);
      expect(everyAudit(world)).toHaveLength(3);

      world.time.advance(submitLeaseMs);
      for (const audit of everyAudit(world)) await submitAgain(world)(audit);
      expect(world.kard.creates.map(({ request }) => request.transactionId).sort()).toEqual(["a", "b", "c"]);
      const done = await submitRequests(world)(keyed(requests));
      expect(done).toMatchObject({ results: [{ result: "accepted" }, { result: "accepted" }, { result: "accepted" }] });
    }
  });
});
