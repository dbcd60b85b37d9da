import { afterAll, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { openChartPage } from "../../support/console/chart-page.ts";

const browser = await startBrowser();
afterAll(() => browser.close());
const { draw } = await openChartPage(browser, 360);

const hour = 3_600_000;
const times = {
  overall: { count: 6, medianMs: 20 * hour, p90Ms: 50 * hour },
  byAuditCode: { 3006: { count: 4, medianMs: 25 * hour, p90Ms: 100 * hour } },
  byMerchant: {
    "A Merchant": { count: 1, medianMs: 10 * hour, p90Ms: 50 * hour },
    "\u05de\u05e1\u05e2\u05d3\u05d4": { count: 3, medianMs: 0, p90Ms: 0 },
  },
};

test("bars of all rows have one scale: to the 90th percentile, and to the median in full color", async () => {
  const { pictures, table, overflow } = await draw("ResolutionTimes", { times });
  const lengths = pictures.map(({ rectangles }) => rectangles.map(({ width }) => Math.round(width * 10) / 10));
  expect(lengths).toEqual([
    [100, 100, 25],
    [100, 0, 0],
    [100, 50, 10],
  ]);
  expect(pictures[0]?.rectangles.map(({ classes }) => classes)).toEqual(["track", "upper", ""]);
  expect(table.map(([name, count]) => [name, count])).toEqual([
    ["Claim or merchant", "Count"],
    [expect.any(String), "4"],
    ["\u05de\u05e1\u05e2\u05d3\u05d4", "3"],
    ["A Merchant", "1"],
  ]);
  expect(overflow).toBe(0);
});

test("without resolutions, it says so", async () => {
  const { pictures, text } = await draw("ResolutionTimes", { times: { ...times, byAuditCode: {}, byMerchant: {} } });
  expect(pictures).toEqual([]);
  expect(text).toContain("Nothing was resolved");
});
