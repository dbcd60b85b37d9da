import { afterAll, expect, test } from "@jest/globals";
import { violationsOn } from "../../support/console/axe.ts";
import { openConsole, startConsole } from "../../support/console/start-console.ts";

// One dispute of each kind: the rules are checked element by element, which takes time.
const running = await startConsole([6, 11, 12, 19, 25]);
afterAll(() => running.stop());

const closedAudit = "7c1f6f2e-0000-4000-8000-000000000006";
const views = {
  "sign-in": "",
  open: "disputes",
  attention: "disputes?tab=attention",
  resolved: "disputes?tab=resolved&merchant=Nobody",
  search: "disputes?search=CASE-4711",
  audit: `disputes/${closedAudit}`,
  overview: "overview",
  subscriptions: "subscriptions",
  undelivered: "undelivered",
};
const widths = [390, 768, 1440];
const themes = ["light", "dark"] as const;

const cells = Object.entries(views).flatMap(([name, at]) => themes.map((theme) => [name, theme, at] as const));

test.each(cells)("the view %s, %s, breaks no accessibility rule at any width", async (_, theme, at) => {
  const { page, faults, close } = await openConsole(running, { at, theme });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  }
  expect(faults).toEqual([]);
  await close();
});
