import { afterAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { violationsOn } from "../../support/console/axe.ts";
import { openConsole, settled, startConsole } from "../../support/console/start-console.ts";

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
/** A width with the layout of another one. Only the page's own width is checked there. */
const between = 768;
/** Themes differ in colors only. */
const themes = [
  ["light", "all"],
  ["dark", "colors"],
] as const;

test.each(Object.entries(views))(
  "the view %s breaks no accessibility rule in either theme at any width",
  async (_, at) => {
    const { page, faults, close } = await openConsole(running, { at });
    for (const [colorScheme, rules] of themes) {
      await page.emulateMedia({ colorScheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        if (width !== between) expect(await violationsOn(page, rules)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      }
    }
    expect(faults).toEqual([]);
    await close();
  },
);

const unconfirmedAudit = "7c1f6f2e-0000-4000-8000-000000000012";
/** What opens over a view, or in it. */
const openings: Record<string, { at: string; open: (page: Page) => Promise<void> }> = {
  "keyboard help": { at: "disputes", open: (page) => page.keyboard.press("?") },
  "new webhook": { at: "subscriptions", open: (page) => press(page, "New webhook") },
  recovery: { at: "subscriptions", open: (page) => press(page, "Recover") },
  "test result": { at: "subscriptions", open: (page) => press(page, "Send a test") },
  "new secret": {
    at: "subscriptions",
    async open(page) {
      await press(page, "New webhook");
      await page.getByLabel("URL of your endpoint").fill("https://new.meridian.example/hooks");
      await press(page, "Create");
      await page.getByText("Verify webhooks in Node.js").click();
    },
  },
  "own data": { at: `disputes/${closedAudit}`, open: (page) => press(page, "Edit") },
  settlement: { at: `disputes/${unconfirmedAudit}`, open: (page) => press(page, "Settle") },
  attempts: { at: `disputes/${closedAudit}`, open: (page) => page.locator("summary").first().click() },
  "an error": {
    at: "overview",
    async open(page) {
      await page.route("**/audits?**", (route) => route.fulfill({ status: 503, body: "" }));
      await page.getByRole("link", { name: "Disputes", exact: true }).click();
      await page.getByRole("alert").waitFor();
    },
  },
};

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).first().click();
}

test.each(Object.entries(openings))("%s breaks no accessibility rule when it is open", async (_, { at, open }) => {
  const { page, close } = await openConsole(running, { at });
  await open(page);
  await settled(page);
  expect(await violationsOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await violationsOn(page)).toEqual([]);
  await close();
});
