import { expect, test } from "@jest/globals";
import type { StatusOutcome } from "../../../functions/core/kard/ports.ts";
import type { Adoption } from "../../../functions/core/tracking/adoption.ts";
import { noon } from "../../support/fake-clock.ts";
import { closedAtKard, openAtKard, openAudit, pendingAdoption } from "../../support/sample-audits.ts";
import { adopted, hour, pendingIn, worldWith } from "./pending-adoptions.ts";

const day = 24 * hour;

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

test("if Kard's responses no longer prove ownership, nothing is adopted", async () => {
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
  [{ outcome: "not-understood", reason: "malformed-response" }, 7_500],
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

test("one that is erased during the call does not come back", async () => {
  const world = await worldWith(pendingAdoption());
  world.answering = () => {
    world.stores.state.adoptions.clear();
    return { outcome: "failed", reason: "timeout" };
  };
  await world.cleanTick();
  expect(pendingIn(world)).toEqual([]);
});
