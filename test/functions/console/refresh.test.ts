import { afterAll, expect, test } from "@jest/globals";
import { organizationId } from "../../support/console/console-server.ts";
import { openConsole, startConsole } from "../../support/console/start-console.ts";
import { aSubscription, openAudit } from "../../support/sample-audits.ts";

const running = await startConsole([6, 11]);
afterAll(() => running.stop());
const { world } = running.server;

test("refresh reads the list again, with the filter, without signing out", async () => {
  const { page, close } = await openConsole(running, { at: "disputes?merchant=Corner%20Coffee" });
  await page.getByText("0 disputes", { exact: true }).waitFor();
  await world.audits.create(openAudit({ organizationId, createdAt: world.clock() - 1 }));
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("1 dispute", { exact: true }).waitFor();
  await close();
});

test("refresh reads the webhooks again", async () => {
  const { page, close } = await openConsole(running, { at: "subscriptions" });
  const webhookUrl = "https://fresh.meridian.example/hooks";
  await world.subscriptions.create(aSubscription({ organizationId, subscriptionId: "fresh", webhookUrl }));
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("region", { name: webhookUrl }).waitFor();
  await close();
});

test("the overview says how many days are not counted, and how to count on", async () => {
  const { page, close } = await openConsole(running, { at: "disputes" });
  await page.route("**/stats", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.data.attributes.days[0].isComplete = false;
    await route.fulfill({ response, json: body });
  });
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("1 day of this period is not counted in full").waitFor();
  await page.unroute("**/stats");
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("not counted in full").waitFor({ state: "detached" });
  expect(await page.getByRole("heading", { name: "Overview" }).count()).toBe(1);
  await close();
});
