import { afterAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { startBrowser } from "../../support/console/browser.ts";
import { organizationId, startConsoleServer } from "../../support/console/console-server.ts";
import { openConsole } from "../../support/console/start-console.ts";
import { noon } from "../../support/fake-clock.ts";
import { aRequest, openAudit, waitingAudit } from "../../support/sample-audits.ts";

const [server, browser] = await Promise.all([startConsoleServer(), startBrowser()]);
const key = await server.newKey();
const running = { server, browser, key, stop: async () => undefined };
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const day = 24 * 60 * 60_000;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const overdue = 1_300;
for (let n = 0; n < overdue; n++) {
  const audit = openAudit({ organizationId, auditId: idOf(n), createdAt: noon - 95 * day + n });
  await server.world.audits.create(changeAudit(audit, "overdue", {}, noon - day) ?? audit);
}
const refusedAudit = waitingAudit({
  ...{ organizationId, auditId: idOf(overdue), createdAt: noon - day },
  request: { ...aRequest, transactionId: "txn-refused" },
});
await server.world.audits.create(
  changeAudit(refusedAudit, "reject", { refusal: { status: 400, errors: [] } }, noon - 1) ?? refusedAudit,
);

async function exported(page: Page): Promise<string[]> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  const text = await new Response((await download.createReadStream()) as never).text();
  return text.trimEnd().split("\r\n").slice(1);
}

test("a rare reason is found among many disputes that need attention for another", async () => {
  const { page, close } = await openConsole(running, { at: "disputes?tab=attention&reason=refused" });
  await page.getByText("txn-refused").waitFor();
  await page.getByText("1 dispute", { exact: true }).waitFor();
  expect(await exported(page)).toHaveLength(1);
  await close();
});

test("an export with a reason has also what was not loaded before the click", async () => {
  const { page, close } = await openConsole(running, { at: "disputes?tab=attention&reason=overdue" });
  await page.getByText(/^At least 1,\d{3} disputes/).waitFor();
  expect(await exported(page)).toHaveLength(overdue);
  await close();
});

test("loading goes on after a page that adds nothing", async () => {
  const { page, close } = await openConsole(running, { at: "" });
  let pages = 0;
  await page.route("**/audits?**", async (route) => {
    const data = pages === 5 ? [] : [...Array(200).keys()].map((n) => anAudit(pages * 200 + n));
    pages++;
    const next = pages < 7 ? { next: `/audits?page[after]=${pages}` } : {};
    await route.fulfill({ json: { data, links: next } });
  });
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("At least 1,000 disputes").waitFor();
  await page.keyboard.press("End");
  await page.getByText("1,200 disputes", { exact: true }).waitFor();
  await close();
});

test("an export of more than 10,000 disputes says that it is not complete", async () => {
  const { page, close } = await openConsole(running, { at: "" });
  let pages = 0;
  await page.route("**/audits?**", async (route) => {
    const data = [...Array(200).keys()].map((n) => anAudit(pages * 200 + n));
    pages++;
    await route.fulfill({ json: { data, links: { next: `/audits?page[after]=${pages}` } } });
  });
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("At least 1,000 disputes").waitFor();
  expect(await exported(page)).toHaveLength(10_000);
  await page.getByText("The file has 10,000 disputes. There are more.").waitFor();
  await close();
});

test("a list that could not be loaded claims no number of disputes", async () => {
  const { page, close } = await openConsole(running, { at: "overview" });
  await page.route("**/audits?**", (route) => route.fulfill({ status: 503, body: "" }));
  await page.getByRole("link", { name: "Disputes", exact: true }).click();
  await page.getByRole("alert").waitFor();
  expect(await page.getByText("0 disputes").count()).toBe(0);
  await close();
});

/** An audit as the API shows it. */
function anAudit(n: number) {
  const createdAt = new Date(noon - n).toISOString();
  const attributes = { ...aRequest, organizationId, status: "NEW", submission: "confirmed", createdAt, sequence: 0 };
  return { type: "audit", id: idOf(n), attributes };
}
