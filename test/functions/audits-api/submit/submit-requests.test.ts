import { describe, expect, test } from "@jest/globals";
import { submitRequests } from "../../../../functions/audits-api/submit/submit-requests.ts";
import { submitAgain } from "../../../../functions/core/audits/submit-audit.ts";
import { submitLeaseMs } from "../../../../functions/core/audits/submit-backoff.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { everyAudit, keyless, requestsFor } from "../audit-requests.ts";

describe("without an Idempotency-Key", () => {
  test("each audit is submitted in its own call, and the results keep their order", async () => {
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
