import { expect, test } from "@jest/globals";
import { planRow, pollerWorld, smallPlan } from "../../support/polling/poller-world.ts";
import { sortedLanes } from "../../support/polling/sorted-lanes.ts";
import { submittingAudit } from "../../support/sample-audits.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 2, 14, 12);
const bands = smallPlan.bands.length;

/** Audits that Kard knows, spread evenly over ages between two numbers of milliseconds. */
function rowsOf(world: ReturnType<typeof pollerWorld>, prefix: string, count: number, from: number, to: number) {
  return Array.from({ length: count }, (_, number) => {
    const name = `${prefix}-${number}`;
    world.kard.audits.set(name, { kardAuditId: name, request: {} as never, status: "NEW" });
    return planRow(name, Math.floor(noon - from - ((to - from) * number) / count));
  });
}

test("if more is due than the rate allows, all are polled in turn, none twice before all once, and the lag is exact", async () => {
  const [band] = [{ from: hour, to: null, gap: 30 * day, resolution: minute }];
  const world = pollerWorld({ callsPerSecond: 10, pollPlan: { bands: [band], overdueAfter: 1_000 * day } });
  const count = 12_500;
  const rows = rowsOf(world, "audit", count, 5 * day, 15 * day);
  const lanes = sortedLanes(rows);
  world.deps.lanes = lanes;
  let ticks = 0;
  for (; world.calls.length < count; ticks++) {
    const began = world.time.clock();
    const tick = await world.cleanTick();
    expect(tick.polled).toBeGreaterThanOrEqual(ticks < 27 ? 440 : 1);
    // The lag is exact as long as every shard has work left.
    const polled = world.callCounts();
    const left = rows.filter(({ auditId }) => !polled.has(auditId));
    if (left.length > 0) expect(tick).toMatchObject({ stopped: "time-is-up" });
    expect(tick.lagMs > 0).toBe(left.length > 0);
    expect(tick.rateUsed).toBeCloseTo(tick.polled / (10 * 45), 10);
    // Read and not polled: a page per shard, and a row for the lag. 10 calls per second, 45 seconds, 20 pages.
    const pageSize = Math.ceil((10 * 45) / 8 / 20);
    expect(lanes.rowsRead() - world.calls.length).toBeLessThanOrEqual((ticks + 1) * 8 * (pageSize + 1));
    world.time.set(began + minute);
  }
  expect(world.calls).toHaveLength(count);
  expect(world.callCounts().size).toBe(count);
  expect(ticks).toBe(28);
});

test("a backlog of old audits does not delay new ones, and no band starves", async () => {
  const world = pollerWorld({ callsPerSecond: 40 });
  const rows = [
    ...rowsOf(world, "old", 30_000, 3 * day, 80 * day),
    ...rowsOf(world, "middle", 30_000, 3 * hour, 24 * hour),
    ...rowsOf(world, "fresh", 40, 5 * minute, 6 * minute),
  ];
  world.deps.lanes = sortedLanes(rows);
  await world.cleanTick();
  const polled = (prefix: string) => world.calls.filter(({ kardAuditId }) => kardAuditId.startsWith(prefix));
  expect(polled("fresh")).toHaveLength(40);
  expect((polled("fresh").at(-1)?.at ?? 0) - noon).toBeLessThan(10_000);
  expect(polled("old").length).toBeGreaterThan(600);
  expect(polled("middle").length).toBeGreaterThan(600);
});

test("rechecks and submissions share the rate with the plan, and none of the three starves", async () => {
  const world = pollerWorld({ callsPerSecond: 40 });
  const open = sortedLanes([
    ...rowsOf(world, "old", 4_000, 3 * day, 80 * day),
    ...rowsOf(world, "middle", 4_000, 2 * hour, 24 * hour),
    ...rowsOf(world, "fresh", 4_000, 5 * minute, 60 * minute),
  ]);
  const { lanes } = world.stores;
  world.deps.lanes = { ...lanes, oldestOpen: open.oldestOpen, open: open.open };
  for (let number = 0; number < 1_200; number++) {
    await world.accept(`recheck-${number}`, hour, { lane: "RECHECK", laneAt: noon - minute });
    await world.stores.audits.create(submittingAudit({ auditId: `submit-${number}`, laneAt: noon - minute }));
  }
  const tick = await world.cleanTick();
  const share = (40 * 45) / 3;
  const rechecked = world.calls.filter(({ kardAuditId }) => kardAuditId.startsWith("recheck")).length;
  expect(tick).toMatchObject({ stopped: "time-is-up" });
  expect(tick.submitted).toBeGreaterThan(0.8 * share);
  expect(rechecked).toBeGreaterThan(0.8 * share);
  for (const prefix of ["fresh", "middle", "old"]) {
    const polled = world.calls.filter(({ kardAuditId }) => kardAuditId.startsWith(prefix)).length;
    expect(polled).toBeGreaterThan((0.6 * share) / bands);
  }
});
