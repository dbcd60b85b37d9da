import { expect, test } from "@jest/globals";
import { readStats } from "../../../../functions/audits-api/lists/read-stats.ts";
import { statsQuery } from "../../../../functions/audits-api/stats-input.ts";
import { timestamp } from "../../../../functions/core/events/events.ts";
import { shardOf } from "../../../../functions/core/shared/lanes.ts";
import { dayMs } from "../../../../functions/core/stats/day-figures.ts";
import { alwaysCounted } from "../../../../functions/core/stats/open-snapshot.ts";
import { indexSettlesAfterMs } from "../../../../functions/core/stats/roll-up.ts";
import { type Band, bandKey } from "../../../../functions/core/tracking/poll-plan.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aRequest } from "../../../support/sample-audits.ts";
import { close, file, hour, read } from "./stats-world.ts";

test("days are counted up to now, and open audits as they are now", async () => {
  const world = fakeWorld();
  const first = await file(world, "a");
  await file(world, "old", { createdAt: noon - 40 * dayMs, status: "IN_PROGRESS" });
  world.time.advance(2 * hour);
  await close(world, first);
  await file(world, "b");
  expect((await read(world)).days.at(-1)).toMatchObject({ filed: 2, closed: 1, isComplete: true });
  world.time.advance(indexSettlesAfterMs + 1);
  const stats = await read(world);
  expect(stats.days).toHaveLength(30);
  expect(stats.days.at(-1)).toMatchObject({ day: "2026-03-14", filed: 2, closed: 1, closedAmounts: { USD: 100 } });
  expect(stats.open).toMatchObject({
    byAge: { "0-7": { NEW: 1 }, "31-60": { IN_PROGRESS: 1 } },
    amounts: { USD: 200 },
  });
  expect(stats.resolutionCodes).toEqual({ 5004: 1 });
  const { count, medianMs } = stats.timeToResolution.byMerchant["Corner Coffee"] ?? { count: 0, medianMs: 0 };
  expect(count).toBe(1);
  expect(Math.abs(medianMs - 2 * hour)).toBeLessThan(0.05 * 2 * hour);
});

test("figures of many open audits are those of their snapshot, and say when they were counted", async () => {
  const world = fakeWorld();
  for (let number = 0; number <= alwaysCounted; number++) await file(world, `audit-${number}`, { laneAt: noon });
  await read(world);
  world.time.advance(hour / 2);
  await file(world, "later");
  const { open, polling, days, asOf } = await read(world);
  expect(open).toMatchObject({ byAge: { "0-7": { NEW: alwaysCounted + 1 } }, asOf: timestamp(noon) });
  expect(polling).toEqual({ asOf: timestamp(noon), isComplete: true });
  expect(days.at(-1)?.filed).toBe(alwaysCounted + 2);
  expect(asOf).toBe(timestamp(noon + hour / 2));
});

test("today is counted although the clock goes on while it is", async () => {
  const world = fakeWorld();
  await file(world, "a");
  let now = noon + hour;
  const { days } = await read({ ...world, clock: () => now++ });
  expect(days.at(-1)).toMatchObject({ filed: 1, isComplete: true });
});

test("of a period of more than 92 days, the last 92 are shown", async () => {
  const query = statsQuery.parse({ "filter[after]": "2025-01-01", "filter[before]": "2026-01-01" });
  const { days } = (await readStats(fakeWorld())("org", query)).attributes;
  expect([days[0]?.day, days.at(-1)?.day, days.length]).toEqual(["2025-10-01", "2025-12-31", 92]);
});

test("a day whose audits may have expired before they were counted is not complete, and not stored", async () => {
  const world = { ...fakeWorld(), retention: { auditDays: 14 } };
  const expired = noon - 15 * dayMs;
  await file(world, "a", { createdAt: expired });
  const { days } = await read(world);
  expect(days.map(({ isComplete }) => isComplete)).toEqual(days.map((_, i) => i >= days.length - 14));
  expect(days.at(-16)).toMatchObject({ filed: 0, isComplete: false });
  const stored = await world.dayFigures.getAll(
    "org",
    days.map(({ day }) => Date.parse(day)),
  );
  expect(stored.size).toBe(14);
});

test("a day that was counted in time stays complete when its audits have expired", async () => {
  const world = { ...fakeWorld(), retention: { auditDays: 2 } };
  await file(world, "a");
  world.time.advance(dayMs);
  await read(world);
  world.time.advance(10 * dayMs);
  const { days } = await read(world);
  expect(days.find(({ day }) => day === "2026-03-14")).toMatchObject({ filed: 1, isComplete: true });
});

test("merchants of any name are counted", async () => {
  const world = fakeWorld();
  const names = ["__proto__", "constructor", "", "m:", "(other merchants)", "é".repeat(256)];
  const requests = names.map((merchantName) => ({ ...aRequest, merchantName }));
  const filed = requests.map((request, i) => file(world, `audit-${i}`, { request, createdAt: noon - hour }));
  for (const audit of await Promise.all(filed)) await close(world, audit);
  world.time.advance(hour);
  for (const time of ["first", "again"]) {
    const { byMerchant } = (await read(world)).timeToResolution;
    const counts = Object.entries(byMerchant).map(([name, { count }]) => [name, count]);
    expect({ time, counts: counts.sort() }).toEqual({ time, counts: names.map((name) => [name, 1]).sort() });
    world.time.advance(hour);
  }
});

test("a day that cannot be stored or read is shown as incomplete, and the error is reported", async () => {
  const world = fakeWorld();
  await close(world, await file(world, "a"));
  world.time.advance(hour);
  const refused = new Error("Item size has exceeded the maximum allowed size");
  const put = () => Promise.reject(refused);
  const unstorable = await read({ ...world, dayFigures: { ...world.dayFigures, put } });
  expect(unstorable.days.at(-1)).toMatchObject({ closed: 0, isComplete: false });
  expect(world.errors).toContain(refused);
  world.errors.length = 0;
  const unreadable = { getAll: async () => new Map(), put: async () => "stale" as const };
  expect((await read({ ...world, dayFigures: unreadable })).days.at(-1)).toMatchObject({ isComplete: false });
  expect(String(world.errors.at(-1))).toContain("The figures of 2026-03-14 cannot be read.");
});

test("the oldest poll that is due and was not made shows how late polling is", async () => {
  const world = fakeWorld();
  const shard = shardOf("a");
  await file(world, "a", { laneAt: noon });
  await file(world, "foreign", { organizationId: "other", laneAt: noon - dayMs });
  const [band] = world.pollPlan.bands;
  const key = bandKey(world.pollPlan, band as Band);
  const polledTo = (since: number) => world.cursors.save({ organizationId: "org", shard }, 1, { [key]: { since } });
  await polledTo(noon);
  expect((await read(world)).polling).toEqual({ asOf: timestamp(noon), isComplete: true });
  world.time.advance(hour);
  expect((await read(world)).polling.oldestDueAt).toBe("2026-03-14T12:01:00.000Z");
  await polledTo(noon + hour / 2);
  expect((await read(world)).polling.oldestDueAt).toBe("2026-03-14T12:31:00.000Z");
  await file(world, "failed", { lane: "RECHECK", laneAt: noon + hour / 4 });
  await file(world, "put-off", { lane: "RECHECK", laneAt: noon + 2 * hour });
  expect((await read(world)).polling.oldestDueAt).toBe("2026-03-14T12:15:00.000Z");
});
