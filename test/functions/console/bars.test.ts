import { afterAll, describe, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { type DrawnChart, openChartPage } from "../../support/console/chart-page.ts";
import { expectInside, huge, rightToLeft } from "./drawn-charts.ts";

const browser = await startBrowser();
afterAll(() => browser.close());
const { draw } = await openChartPage(browser, 360);

describe("bars", () => {
  const drawn = (bars: { name: string; value: number }[], max?: number) =>
    draw("BarList", {
      head: ["Age", "Disputes"],
      bars: bars.map((bar) => ({ ...bar, words: String(bar.value) })),
      ...(max !== undefined && { max }),
    });
  const widths = ({ pictures }: DrawnChart) => pictures.map(({ rectangles }) => rectangles[1]?.width);

  test("widths are proportional to the values, and each row has its number", async () => {
    const chart = await drawn([
      { name: "Young", value: 20 },
      { name: "Old", value: 5 },
      { name: "Older", value: 0 },
    ]);
    expectInside(chart);
    expect(widths(chart)).toEqual([100, 25, 0]);
    expect(chart.table).toEqual([
      ["Age", "Disputes"],
      ["Young", "20"],
      ["Old", "5"],
      ["Older", "0"],
    ]);
  });

  test("with a largest value, bars are shares of it", async () => {
    expect(widths(await drawn([{ name: "a", value: 0.5 }], 1))).toEqual([50]);
    expect(widths(await drawn([{ name: "a", value: 1.5 }], 1))).toEqual([100]);
  });

  test.each([
    ["no row", []],
    ["only zeros", [{ name: "a", value: 0 }]],
    [
      "huge numbers",
      [
        { name: "a", value: huge },
        { name: "b", value: 1 },
      ],
    ],
    ["a long word", [{ name: "W".repeat(2_000), value: 1 }]],
    ["text from right to left", [{ name: rightToLeft, value: 3 }]],
    [
      "the same name twice",
      [
        { name: "a", value: 1 },
        { name: "a", value: 2 },
      ],
    ],
  ])("%s stay inside", async (_, bars) => {
    const chart = await drawn(bars);
    expectInside(chart);
    expect(chart.table.slice(1).map(([name]) => name)).toEqual(bars.map(({ name }) => name));
  });
});

describe("the age of an audit", () => {
  const day = 86_400_000;
  const now = Date.UTC(2026, 2, 14);
  const drawn = (days: number, attributes: object = {}) =>
    draw("AgeBar", {
      now,
      audit: { attributes: { status: "NEW", createdAt: new Date(now - days * day).toISOString(), ...attributes } },
    });

  test.each([
    [0, "0 s", 2],
    [45, "45 d", 50],
    [90, "90 d", 100],
    [4_000, "4,000 d", 100],
  ])("of %i days is %s, %i %% of 90 days", async (days, words, width) => {
    const chart = await drawn(days);
    expectInside(chart);
    expect([chart.text, chart.pictures[0]?.rectangles[1]?.width]).toEqual([words, width]);
  });

  test("is a share of the time until it is due", async () => {
    const chart = await drawn(5, { dueAt: new Date(now + 15 * day).toISOString() });
    expect(chart.pictures[0]?.rectangles[1]?.width).toBe(25);
  });

  test("is never negative, whatever the clocks say", async () => {
    expect((await drawn(-3)).pictures[0]?.rectangles[1]?.width).toBe(2);
  });
});
