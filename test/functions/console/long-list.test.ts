import { afterAll, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { organizationId, startConsoleServer } from "../../support/console/console-server.ts";
import { addAudits, moveThrough, scrollToEnd } from "../../support/console/long-list.ts";
import { openConsole } from "../../support/console/start-console.ts";

const count = 10_000;
const [server, browser] = await Promise.all([startConsoleServer(), startBrowser()]);
const key = await server.newKey([organizationId, "small-bank"]);
const running = { server, browser, key, stop: async () => undefined };
afterAll(async () => {
  await browser.close();
  await server.stop();
});
await addAudits(server, count);
await addAudits(server, 200, "small-bank");

test("a list of 10,000 disputes scrolls to its end with few elements, and moving through it costs as in one of 200", async () => {
  const { page, faults, close } = await openConsole(running, { at: "disputes" });
  const rows = () => page.locator("tr[data-row]").count();
  await scrollToEnd(page, count, async () => expect(await rows()).toBeLessThan(100));
  await page.getByText("txn-9999", { exact: true }).waitFor();
  await page.getByText("10,000 disputes", { exact: true }).waitFor();
  await page.keyboard.press("Home");
  await page.locator("tr[data-row='0']").waitFor();
  const large = await moveThrough(page);

  await page.getByLabel("Organization").selectOption("small-bank");
  await page.getByText("200 disputes", { exact: true }).waitFor();
  const small = await moveThrough(page);
  expect(large.workMs).toBeLessThan(3 * small.workMs);
  expect(faults).toEqual([]);
  await close();
});
