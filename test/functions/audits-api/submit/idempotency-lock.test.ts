import { describe, expect, test } from "@jest/globals";
import { submitRequests } from "../../../../functions/audits-api/submit/submit-requests.ts";
import { submitAgain } from "../../../../functions/core/audits/submit-audit.ts";
import { submitLeaseMs } from "../../../../functions/core/audits/submit-backoff.ts";
import type { AuditRequest } from "../../../../functions/core/kard/audit-request.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { Crash, withCrash } from "../../../support/with-faults.ts";
import { everyAudit, idempotency, keyless, requestsFor } from "../audit-requests.ts";

function keyed(requests: AuditRequest[], key = idempotency) {
  return { ...keyless(requests), idempotency: key };
}

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

  test("an audit of another request whose first audit has expired is no result of this request", async () => {
    const world = fakeWorld();
    await submitRequests(world)(keyed(requestsFor("a", "b")));
    const [[expired] = [""], [, kept] = []] = [...world.state.audits];
    world.state.audits.delete(expired);
    const other = keyed(requestsFor("c", "d", "e"), { key: idempotency.key, fingerprint: "second" });
    for (const isRepeat of [false, true]) {
      const outcome = await submitRequests(world)(other);
      const results = [{ result: "accepted" }, { result: "key-reused" }, { result: "accepted" }];
      expect(outcome).toMatchObject({ outcome: "submitted", isRepeat, results });
    }
    expect(world.kard.creates.map(({ request }) => request.transactionId)).toEqual(["a", "b", "c", "e"]);
    expect(everyAudit(world)).toContainEqual(kept);
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
