import { expect, test } from "@jest/globals";
import { type Stats, statsLines } from "../../../cli/api/stats.ts";

const asOf = "2026-03-14T12:00:00.000Z";
const stats: Stats = {
  open: { byAge: { "0-7": { NEW: 2, IN_PROGRESS: 1 }, "8-30": {} }, amounts: { USD: 12_350 }, asOf, isComplete: true },
  polling: { oldestDueAt: "2026-03-14T11:58:00.000Z", asOf, isComplete: true },
  days: [
    {
      ...{ day: "2026-03-13", filed: 0, closed: 1, rejected: 0 },
      ...{ filedAmounts: {}, closedAmounts: { USD: 1_000 }, isComplete: true },
    },
    {
      ...{ day: "2026-03-14", filed: 7, closed: 3, rejected: 1 },
      ...{ filedAmounts: {}, closedAmounts: { USD: 2_600, XXX: 100 }, isComplete: true },
    },
  ],
  resolutionCodes: { 5004: 3 },
  timeToResolution: {
    byAuditCode: { 3006: { count: 3, medianMs: 7_200_000, p90Ms: 90_000 } },
    byMerchant: { "Corner Shop": { count: 2, medianMs: 3_600_000, p90Ms: 7_200_000 } },
  },
  deliveries: { bySubscription: { s1: { delivered: 3 } }, isComplete: true },
  asOf,
};

test("figures are shown in sections", () => {
  expect(statsLines(stats).split("\n")).toEqual([
    "Open audits",
    "  0-7 days   2 NEW, 1 IN_PROGRESS",
    "  8-30 days  0",
    "At stake",
    "  USD  123.50",
    "Polling",
    "  oldest due poll  2026-03-14T11:58:00.000Z",
    "Last 2 days, as of 2026-03-14T12:00:00.000Z",
    "  filed     7",
    "  closed    4",
    "  rejected  1",
    "Resolved",
    "  USD  36.00",
    "  XXX  1.00",
    "Resolutions by code",
    "  5004  3",
    "Time to resolution by audit code",
    "  3006  3, median 2.0 h, 90 % in 1.5 min",
    "Time to resolution by merchant",
    "  Corner Shop  2, median 1.0 h, 90 % in 2.0 h",
    "Deliveries of 7 days by subscription",
    "  s1  3 delivered",
  ]);
});

test("open audits that were counted earlier say when", () => {
  const earlier = { ...stats, open: { ...stats.open, asOf: "2026-03-14T11:55:00.000Z" } };
  expect(statsLines(earlier).split("\n")[0]).toBe("Open audits, as of 2026-03-14T11:55:00.000Z");
});

const notComplete = "The figures are not complete; run again.";

test.each<[string, Stats]>([
  ["open audits", { ...stats, open: { ...stats.open, isComplete: false } }],
  ["a day", { ...stats, days: stats.days.map((day, index) => ({ ...day, isComplete: index !== 0 })) }],
  ["deliveries", { ...stats, deliveries: { ...stats.deliveries, isComplete: false } }],
])("figures without all of %s say so", (_, partial) => {
  expect(statsLines(stats)).not.toContain(notComplete);
  expect(statsLines(partial).split("\n").at(-1)).toBe(notComplete);
});
