import { afterAll, describe, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { type DrawnChart, openChartPage, type Rectangle } from "../../support/console/chart-page.ts";

const browser = await startBrowser();
afterAll(() => browser.close());
const { draw } = await openChartPage(browser, 360);

const huge = Number.MAX_SAFE_INTEGER;
const rightToLeft = "\u05de\u05e1\u05e2\u05d3\u05d4 123 \u0645\u0637\u0639\u0645";

/** No rectangle leaves its view box, and the content does not leave its place. */
function expectInside({ pictures, overflow }: DrawnChart) {
  for (const { width, height, rectangles } of pictures)
    for (const { x, y, ...size } of rectangles) {
      expect(Math.min(x, y, size.width, size.height)).toBeGreaterThanOrEqual(0);
      expect(x + size.width).toBeLessThanOrEqual(width + 0.001);
      expect(y + size.height).toBeLessThanOrEqual(height + 0.001);
    }
  expect(overflow).toBe(0);
}

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

test("a timeline shows each step with the time since the one before, and long text stays inside", async () => {
  const step = { at: Date.UTC(2026, 2, 14), detail: "", tone: "info" };
  const chart = await draw("Timeline", {
    steps: [
      { ...step, title: "W".repeat(2_000) },
      { ...step, title: rightToLeft, since: 90_000 },
    ],
  });
  expectInside(chart);
  expect(chart.text).toContain("1 min later");
  expect(await draw("Timeline", { steps: [] })).toMatchObject({ text: "", overflow: 0 });
});

test("the layout follows the width of the place, not of the window", async () => {
  const steps = [{ at: 0, title: "Closed", detail: "", tone: "good" }];
  const columnsIn = async (width: number) => {
    const place = await openChartPage(browser, width);
    await place.draw("Timeline", { steps });
    const style = "getComputedStyle(document.querySelector('.timeline li')).gridTemplateColumns";
    const columns = String(await place.page.evaluate(style)).split(" ").length;
    await place.page.close();
    return columns;
  };
  expect([await columnsIn(360), await columnsIn(800)]).toEqual([1, 2]);
});
