import { expect, test } from "@jest/globals";
import { noon } from "../../support/fake-clock.ts";
import { openAtKard, pendingAdoption } from "../../support/sample-audits.ts";
import { hour, minute, pendingIn, worldWith } from "./pending-adoptions.ts";

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
