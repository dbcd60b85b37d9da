import { afterAll, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { organizationId, startConsoleServer } from "../../support/console/console-server.ts";
import { openConsole } from "../../support/console/start-console.ts";
import { noon } from "../../support/fake-clock.ts";
import { aRequest, openAudit } from "../../support/sample-audits.ts";

const count = 10_000;
const [server, browser] = await Promise.all([startConsoleServer(), startBrowser()]);
const running = { server, browser, key: await server.newKey(), stop: async () => undefined };
afterAll(async () => {
  await browser.close();
  await server.stop();
});
for (let n = 0; n < count; n++) {
  const request = { ...aRequest, transactionId: `txn-${n}` };
  const auditId = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  await server.world.audits.create(openAudit({ organizationId, auditId, request, createdAt: noon - n * 1_000 }));
}

test("a list of 10,000 disputes scrolls to its end with few elements on the page", async () => {
  const { page, faults, close } = await openConsole(running, { at: "disputes" });
  const rows = () => page.locator("tr[data-row]").count();
  let last = 0;
  while (last < count) {
    await page.mouse.wheel(0, 60_000);
    expect(await rows()).toBeLessThan(100);
    await page.waitForTimeout(10);
    const seen = await page.locator("tr[data-row]").last().getAttribute("data-row");
    last = Number(seen) + 1;
  }
  await page.getByText("txn-9999", { exact: true }).waitFor();
  await page.getByText("10,000 disputes", { exact: true }).waitFor();
  expect(faults).toEqual([]);
  await close();
});
