import { expect, test } from "@jest/globals";
import { backToPlan, recheckAudit, recheckLater } from "../../../../functions/core/tracking/recheck-audit.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const at = noon + 5_000;

test("an open audit moves to lane RECHECK at the given time", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  expect(await recheckAudit(world, openAudit(), at)).toMatchObject({ lane: "RECHECK", laneAt: at });
  expect(await world.audits.get(openAudit())).toMatchObject({ lane: "RECHECK", laneAt: at });
});

test.each([submittingAudit(), openAudit({ status: "CLOSED" }), openAudit({ lane: "RECHECK", laneAt: noon })])(
  "an audit that is $status in lane $lane stays where it is",
  async (audit) => {
    const world = fakeWorld();
    await world.audits.create(audit);
    expect(await recheckAudit(world, audit, at)).toEqual(audit);
    expect(await world.audits.get(audit)).toEqual(audit);
  },
);

test("a later recheck is moved forward", async () => {
  const world = fakeWorld();
  const later = openAudit({ lane: "RECHECK", laneAt: noon + 3_600_000 });
  await world.audits.create(later);
  expect(await recheckAudit(world, later, at)).toMatchObject({ laneAt: at });
});

test("an audit that was closed since it was read is left alone", async () => {
  const world = fakeWorld();
  const { lane: _lane, laneAt: _laneAt, ...closed } = openAudit({ status: "CLOSED" });
  await world.audits.create(closed);
  expect(await recheckAudit(world, openAudit(), at)).toEqual(closed);
  expect(await world.audits.get(closed)).toEqual(closed);
});

test("a missing audit is ignored", async () => {
  expect(await recheckAudit(fakeWorld(), openAudit(), at)).toEqual(openAudit());
});

test("an audit whose polls fail is polled less and less often, but at least once a day", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  const waits: number[] = [];
  for (let tries = 0; tries < 20; tries++) {
    await recheckLater(world, openAudit(), false);
    const { laneAt = 0, failingSince } = (await world.audits.get(openAudit())) ?? {};
    expect(failingSince).toBe(noon);
    waits.push(laneAt - world.clock());
    world.time.set(laneAt);
  }
  expect(waits.slice(0, 4)).toEqual([5_000, 5_000, 10_000, 20_000]);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(24 * 60 * 60_000);
});

test("the time of the first 404 is kept", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  await recheckLater(world, openAudit(), true);
  world.time.advance(9_000);
  await recheckLater(world, openAudit(), true);
  expect(await world.audits.get(openAudit())).toMatchObject({ missingSince: noon });
});

test("an audit that never failed is returned unchanged", () => {
  const audit = openAudit();
  expect(backToPlan(audit)).toBe(audit);
});

test("a failed audit returns to its place in the plan", () => {
  const troubled = openAudit({ lane: "RECHECK", laneAt: at, failingSince: noon, missingSince: noon });
  expect(backToPlan(troubled)).toEqual(openAudit());
});

test.each([
  ["recheckAudit", (world: ReturnType<typeof fakeWorld>) => recheckAudit(world, openAudit(), at)],
  ["recheckLater", (world: ReturnType<typeof fakeWorld>) => recheckLater(world, openAudit(), false)],
])("%s fails when other writers are always faster", async (_, move) => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  let writes = 0;
  world.audits.update = async () => {
    writes++;
    return "stale";
  };
  await expect(move(world)).rejects.toThrow("kept changing");
  expect(writes).toBe(10);
});
