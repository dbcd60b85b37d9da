import { afterAll, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { openChartPage } from "../../support/console/chart-page.ts";
import { expectInside, rightToLeft } from "./drawn-charts.ts";

const browser = await startBrowser();
afterAll(() => browser.close());
const { draw } = await openChartPage(browser, 360);

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
