import { describe, expect, test } from "@jest/globals";
import { submitRequests } from "../../../functions/audits-api/submit/submit-requests.ts";
import type { CreateOutcome } from "../../../functions/core/kard/ports.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aRequest } from "../../support/sample-audits.ts";

const minute = 60_000;
const request = {
  ...{ organizationId: "org", userId: "user-1", idempotency: undefined, fingerprint: "print-1" },
  requests: [aRequest, { ...aRequest, transactionId: "another" }],
};

async function submitted(world: ReturnType<typeof fakeWorld>, changes: Partial<typeof request> = {}) {
  const outcome = await submitRequests(world)({ ...request, ...changes });
  if (outcome.outcome !== "submitted") throw new Error(outcome.outcome);
  const ids = outcome.results.map((one) => ("audit" in one ? one.audit.auditId : undefined));
  return { ids, isRepeat: outcome.isRepeat, results: outcome.results.map(({ result }) => result) };
}

const unanswered: CreateOutcome = { outcome: "unanswered", reason: "timeout" };
const refused: CreateOutcome = {
  ...{ outcome: "refused", status: 400 },
  errors: [{ status: "400", title: "Invalid Request", detail: "no" }],
};

describe("an identical request without a key", () => {
  test.each([0, 1, 5, 9.9])("after %p minutes is a repeat of the first: Kard is asked once", async (minutes) => {
    // The first request is anywhere in a window of ten minutes.
    for (let place = 0; place < 10; place++) {
      const world = fakeWorld();
      world.time.advance(place * minute);
      world.kard.createOutcomes.push({ outcome: "accepted", kardAuditId: "kard-1" }, unanswered);
      const first = await submitted(world);
      world.time.advance(minutes * minute);
      const repeat = await submitted(world);
      expect(first).toMatchObject({ isRepeat: false, results: ["accepted", "waiting"] });
      expect(repeat).toEqual({ ...first, isRepeat: true });
      expect(world.kard.creates).toHaveLength(2);
    }
  });

  test("after ten minutes is a new one", async () => {
    for (let place = 0; place < 10; place++) {
      const world = fakeWorld();
      world.time.advance(place * minute);
      const first = await submitted(world);
      world.time.advance(10 * minute);
      const second = await submitted(world);
      expect(second.isRepeat).toBe(false);
      expect(second.ids).not.toEqual(first.ids);
    }
  });

  test("is a new one once all audits of the first are resolved", async () => {
    const world = fakeWorld();
    world.kard.createOutcomes.push(refused, refused);
    const first = await submitted(world);
    const second = await submitted(world);
    expect(second.isRepeat).toBe(false);
    expect(second.ids).not.toEqual(first.ids);
  });

  test("is a repeat of a later one if the first is resolved", async () => {
    // The first and the later request are anywhere in windows of ten minutes.
    for (let place = 0; place < 10; place++) {
      const world = fakeWorld();
      world.time.advance(place * minute);
      world.kard.createOutcomes.push(refused, refused);
      await submitted(world);
      world.time.advance(4 * minute);
      const later = await submitted(world);
      expect(later.isRepeat).toBe(false);
      for (const minutes of [0.1, 6, 3.8]) {
        world.time.advance(minutes * minute);
        expect(await submitted(world)).toEqual({ ...later, isRepeat: true });
      }
      expect(world.kard.creates).toHaveLength(4);
    }
  });

  test("is a new one each time, while each is refused", async () => {
    const world = fakeWorld();
    for (let count = 1; count <= 12; count++) {
      world.kard.createOutcomes.push(refused, refused);
      expect(await submitted(world)).toMatchObject({ isRepeat: false });
      expect(world.kard.creates).toHaveLength(2 * count);
    }
  });

  test("is a repeat while any audit of the first is unresolved", async () => {
    const world = fakeWorld();
    world.kard.createOutcomes.push(refused, unanswered);
    const first = await submitted(world);
    expect(await submitted(world)).toEqual({ ...first, isRepeat: true });
  });

  test("is a new one where duplicates are not detected", async () => {
    const world = { ...fakeWorld(), duplicateWindowMs: 0 };
    const first = await submitted(world);
    expect((await submitted(world)).ids).not.toEqual(first.ids);
  });
});

test("of fifty identical requests at once Kard is asked once", async () => {
  const world = fakeWorld();
  const responses = await Promise.all(Array.from({ length: 50 }, () => submitted(world)));
  expect(new Set(responses.map(({ ids }) => ids.join())).size).toBe(1);
  expect(world.kard.creates).toHaveLength(2);
});

test("of fifty identical requests at once after a refused one Kard is asked once", async () => {
  const world = fakeWorld();
  world.kard.createOutcomes.push(refused, refused);
  await submitted(world);
  const responses = await Promise.all(Array.from({ length: 50 }, () => submitted(world)));
  expect(new Set(responses.map(({ ids }) => ids.join())).size).toBe(1);
  expect(world.kard.creates).toHaveLength(4);
});

test.each([{ organizationId: "another" }, { fingerprint: "print-2" }])("%j is another request", async (changes) => {
  const world = fakeWorld();
  const first = await submitted(world);
  expect(await submitted(world, changes)).toMatchObject({
    isRepeat: false,
    ids: expect.not.arrayContaining(first.ids),
  });
});
