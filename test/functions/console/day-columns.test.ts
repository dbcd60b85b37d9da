import { afterAll, describe, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { type DrawnChart, openChartPage, type Rectangle } from "../../support/console/chart-page.ts";
import { expectInside, huge } from "./drawn-charts.ts";

const browser = await startBrowser();
afterAll(() => browser.close());
const { draw } = await openChartPage(browser, 360);

describe("columns of days", () => {
  const series = [
    { name: "Filed", tone: "info" },
    { name: "Resolved", tone: "good" },
  ];
  const drawn = (...counts: number[][]) =>
    draw("DayColumns", {
      ...{ about: "Disputes", series },
      days: counts.map((each, index) => ({ day: `2026-03-${10 + index}`, counts: each })),
    });
  const columns = ({ pictures }: DrawnChart, tone: string): Rectangle[] =>
    (pictures[0]?.rectangles ?? []).filter(({ classes }) => classes === tone);

  test("heights are proportional to the counts, on one base line", async () => {
    const chart = await drawn([4, 2], [1, 0], [3, 4]);
    expectInside(chart);
    expect(columns(chart, "info").map(({ height }) => height)).toEqual([40, 10, 30]);
    expect(columns(chart, "good").map(({ height }) => height)).toEqual([20, 0, 40]);
    for (const { y, height } of [...columns(chart, "info"), ...columns(chart, "good")]) expect(y + height).toBe(40);
  });

  test("the columns of a day are inside the day and do not overlap", async () => {
    const chart = await drawn([1, 1], [1, 1]);
    for (const day of [0, 1]) {
      const [filed, resolved] = [columns(chart, "info")[day], columns(chart, "good")[day]];
      expect(filed?.x).toBeGreaterThan(day);
      expect((filed?.x ?? 0) + (filed?.width ?? 0)).toBeLessThanOrEqual(resolved?.x ?? 0);
      expect((resolved?.x ?? 0) + (resolved?.width ?? 0)).toBeLessThan(day + 1);
    }
  });

  test("the table has the same numbers, and the picture is described", async () => {
    const chart = await drawn([1_234, 0], [5, 6]);
    expect(chart.table).toEqual([
      ["Day (UTC)", "Filed", "Resolved"],
      ["2026-03-10", "1,234", "0"],
      ["2026-03-11", "5", "6"],
    ]);
    expect(chart.text).toContain("2026-03-10: 1,234 filed, 0 resolved");
    expect(chart.text).toContain("most in a day: 1,234");
  });

  test.each([
    ["no day", []],
    ["one day", [[1, 0]]],
    [
      "only zeros",
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      "huge numbers",
      [
        [huge, 1],
        [huge, huge],
      ],
    ],
    ["92 days", Array.from({ length: 92 }, (_, day) => [day, 92 - day])],
  ])("%s stay inside", async (_, counts) => {
    const chart = await drawn(...counts);
    expectInside(chart);
    expect(columns(chart, "info")).toHaveLength(counts.length);
  });

  test("one dispute beside millions is still visible, and none is not", async () => {
    const chart = await drawn([5_000_000, 1], [0, 0]);
    expect(columns(chart, "good").map(({ height }) => height > 0)).toEqual([true, false]);
  });
});
