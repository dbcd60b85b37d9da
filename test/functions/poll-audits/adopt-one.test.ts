import { expect, test } from "@jest/globals";
import { auditIdOfAdopted } from "../../../functions/core/audits/idempotency.ts";
import type { StatusOutcome } from "../../../functions/core/kard/ports.ts";
import type { Adoption } from "../../../functions/core/tracking/adoption.ts";
import { noon } from "../../support/fake-clock.ts";
import { type PollerWorld, pollerWorld } from "../../support/poller-world.ts";
import { closedAtKard, openAtKard, openAudit, pendingAdoption } from "../../support/sample-audits.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const adopted = { organizationId: "org", auditId: auditIdOfAdopted("org", "kard-1") };

async function worldWith(...waiting: Adoption[]): Promise<PollerWorld> {
  const world = pollerWorld();
  for (const adoption of waiting) await world.stores.adoptions.add(adoption);
  return world;
}

const pendingIn = ({ stores }: PollerWorld) => [...stores.state.adoptions.values()];

test("a pending adoption is adopted by the next tick, and leaves the lane", async () => {
  const world = await worldWith(pendingAdoption({ attempts: 0 }));
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  expect(await world.cleanTick()).toMatchObject({ adopted: 1, stillUnadopted: 0 });
  expect(await world.stores.audits.get(adopted)).toMatchObject({
    ...{ userId: "user-1", kardAuditId: "kard-1", status: "NEW", submission: "confirmed", lane: "OPEN" },
  });
  expect(pendingIn(world)).toEqual([]);
  expect(await world.cleanTick()).toMatchObject({ adopted: 0 });
  expect(world.calls).toHaveLength(1);
});

test("one that Kard has closed meanwhile is published", async () => {
  const world = await worldWith(pendingAdoption());
  world.kard.audits.set("kard-1", closedAtKard());
  await world.cleanTick();
  expect(await world.stores.audits.get(adopted)).toMatchObject({ status: "CLOSED" });
  expect(world.resolutions.sent).toHaveLength(1);
});

test("one that Kard does not know is removed and counted", async () => {
  const world = await worldWith(pendingAdoption());
  expect(await world.cleanTick()).toMatchObject({ adoptionsUnknown: 1, adopted: 0 });
  expect(pendingIn(world)).toEqual([]);
  expect(world.stores.state.audits.size).toBe(0);
});

test("another issuer's is removed like an unknown one", async () => {
  const world = await worldWith(pendingAdoption());
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  await world.stores.kardAuditIds.claim("kard-1", openAudit({ organizationId: "other" }));
  expect(await world.cleanTick()).toMatchObject({ adoptionsUnknown: 1, adopted: 0 });
  expect(world.stores.state.audits.size).toBe(0);
});

test("if Kard's answers no longer prove ownership, nothing is adopted", async () => {
  const world = await worldWith(pendingAdoption());
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  world.deps.provesOwnership = async () => false;
  expect(await world.cleanTick()).toMatchObject({ adoptionsUnknown: 1, adopted: 0 });
  expect(world.calls).toEqual([]);
});

test("one that is tracked by now is removed without a call", async () => {
  const world = await worldWith(pendingAdoption());
  await world.stores.audits.create(openAudit({ acceptedAt: noon, laneAt: noon }));
  await world.stores.kardAuditIds.claim("kard-1", openAudit());
  expect(await world.cleanTick()).toMatchObject({ adopted: 1 });
  expect(pendingIn(world)).toEqual([]);
  expect(world.calls).toEqual([]);
});

test("one that is not due is left alone", async () => {
  const waiting = pendingAdoption({ laneAt: noon + hour });
  const world = await worldWith(waiting);
  await world.cleanTick();
  expect(pendingIn(world)).toEqual([waiting]);
  expect(world.calls).toEqual([]);
});

test.each<[StatusOutcome, number]>([
  [{ outcome: "failed", reason: "timeout" }, 7_500],
  [{ outcome: "not-understood", reason: "malformed-answer" }, 7_500],
  [{ outcome: "known", audit: { ...openAtKard("NEW"), request: undefined } }, 7_500],
  [{ outcome: "throttled", retryAfterMs: 600_000 }, 600_000],
])("after %j it waits for its next try, for %i ms", async (outcome, waitMs) => {
  const world = await worldWith(pendingAdoption({ attempts: 1 }));
  world.answering = () => outcome;
  expect(await world.cleanTick()).toMatchObject({ stillUnadopted: 1 });
  const asked = (world.calls[0]?.at ?? 0) + world.latencyMs;
  expect(pendingIn(world)).toEqual([pendingAdoption({ attempts: 2, laneAt: asked + waitMs })]);
});

test("its waits grow up to an hour", async () => {
  const world = await worldWith(pendingAdoption({ attempts: 40 }));
  world.answering = () => ({ outcome: "failed", reason: "timeout" });
  await world.cleanTick();
  const [waiting] = pendingIn(world);
  expect(waiting?.attempts).toBe(41);
  expect((waiting?.laneAt ?? 0) - world.time.clock()).toBeLessThanOrEqual(hour);
});

test("after seven days the next failed try is the last, is counted, and named", async () => {
  const waiting = pendingAdoption({ createdAt: noon - 7 * day, attempts: 170 });
  const world = await worldWith(waiting);
  const givenUp: Adoption[] = [];
  world.deps.onGivenUp = (adoption) => void givenUp.push(adoption);
  world.answering = () => ({ outcome: "failed", reason: "timeout" });
  expect(await world.cleanTick()).toMatchObject({ adoptionsGivenUp: 1, stillUnadopted: 0 });
  expect(givenUp).toEqual([waiting]);
  expect(pendingIn(world)).toEqual([]);
});

test("one that Kard answers after seven days is adopted all the same", async () => {
  const world = await worldWith(pendingAdoption({ createdAt: noon - 8 * day }));
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  expect(await world.cleanTick()).toMatchObject({ adopted: 1, adoptionsGivenUp: 0 });
});

test("while an issuer's circuit is open, one call is made and the adoptions wait", async () => {
  const waiting = Array.from({ length: 20 }, (_, n) => pendingAdoption({ kardAuditId: `kard-${n}` }));
  const world = await worldWith(...waiting);
  await world.stores.openCircuits.record({
    ...{ organizationId: "org", reason: "hanging", since: noon - hour, pausedUntil: noon - hour },
  });
  world.answering = () => ({ outcome: "failed", reason: "timeout" });
  await world.cleanTick();
  expect(world.calls).toHaveLength(1);
  expect(pendingIn(world).filter(({ laneAt }) => laneAt === noon)).toHaveLength(19);
  for (const { kardAuditId } of waiting) world.kard.audits.set(kardAuditId, openAtKard("NEW", kardAuditId));
  world.answering = () => undefined;
  world.wait();
  await world.cleanTick();
  expect(pendingIn(world)).toEqual([]);
  expect(await world.stores.openCircuits.list()).toEqual([]);
});

test("an issuer's circuit stays open while an adoption waits for its next try", async () => {
  const world = await worldWith(pendingAdoption({ laneAt: noon + hour }));
  const trouble = { organizationId: "org", reason: "hanging", since: noon - hour, pausedUntil: noon - hour } as const;
  await world.stores.openCircuits.record(trouble);
  await world.cleanTick();
  expect(await world.stores.openCircuits.list()).toEqual([trouble]);
});

test("adoptions respect the rate, and audits of the plan come first", async () => {
  const waiting = Array.from({ length: 100 }, (_, n) => pendingAdoption({ kardAuditId: `adoption-${n}` }));
  const world = await worldWith(...waiting);
  for (const { kardAuditId } of waiting) world.kard.audits.set(kardAuditId, openAtKard("NEW", kardAuditId));
  await world.accept("due", 5 * minute + 1);
  await world.cleanTick();
  expect(world.calls).toHaveLength(101);
  expect(world.calls[0]?.kardAuditId).toBe("due");
  const span = (world.calls.at(-1)?.at ?? 0) - (world.calls[0]?.at ?? 0);
  expect(span).toBeGreaterThan(2_000);
});

test("a failing one is reported and retried, and does not affect others", async () => {
  const world = await worldWith(pendingAdoption(), pendingAdoption({ kardAuditId: "kard-2" }));
  for (const id of ["kard-1", "kard-2"]) world.kard.audits.set(id, openAtKard("NEW", id));
  const { create } = world.deps.audits;
  world.deps.audits = {
    ...world.deps.audits,
    async create(audit) {
      if (audit.kardAuditId === "kard-1") throw new Error("throttled");
      return create(audit);
    },
  };
  const tick = await world.tick();
  expect(tick?.errors).toHaveLength(1);
  expect(tick).toMatchObject({ adopted: 1, stillUnadopted: 1 });
  expect(pendingIn(world)).toMatchObject([{ kardAuditId: "kard-1", attempts: 2 }]);
});

test("an unreadable one is postponed by an hour, and does not delay those after it", async () => {
  const world = await worldWith(pendingAdoption(), pendingAdoption({ kardAuditId: "kard-2", laneAt: noon }));
  world.kard.audits.set("kard-2", openAtKard("NEW", "kard-2"));
  const { get } = world.deps.adoptions;
  world.deps.adoptions = {
    ...world.deps.adoptions,
    async get(key) {
      if (key.kardAuditId === "kard-1") throw new Error("it does not parse");
      return get(key);
    },
  };
  const tick = await world.tick();
  expect(tick?.errors).toHaveLength(1);
  expect(tick?.adopted).toBe(1);
  const [waiting] = pendingIn(world);
  expect((waiting?.laneAt ?? 0) - noon).toBeGreaterThanOrEqual(hour);
});

test("one that is erased during the call does not come back", async () => {
  const world = await worldWith(pendingAdoption());
  world.answering = () => {
    world.stores.state.adoptions.clear();
    return { outcome: "failed", reason: "timeout" };
  };
  await world.cleanTick();
  expect(pendingIn(world)).toEqual([]);
});
