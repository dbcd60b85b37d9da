import { afterAll, expect, test } from "@jest/globals";
import { deliveryFigures } from "../../../functions/core/notifications/delivery-figures.ts";
import { organizationId } from "../../support/console/console-server.ts";
import { openConsole, startConsole } from "../../support/console/start-console.ts";

const running = await startConsole();
afterAll(() => running.stop());
const { world } = running.server;

test("a webhook is created, and its secret is shown once", async () => {
  const { page, faults, close } = await openConsole(running, { at: "subscriptions" });
  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("URL of your endpoint").fill("https://new.meridian.example/hooks");
  await page.getByRole("button", { name: "Create" }).click();
  const secret = await page
    .locator("dialog code")
    .filter({ hasText: /^whsec_/ })
    .first()
    .textContent();
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(secret);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByText("https://new.meridian.example/hooks").waitFor();
  expect(await page.content()).not.toContain(secret);
  expect(faults).toEqual([]);
  await close();
});

test("a webhook shows its success rate, response times, last failure, what is owed, and its days", async () => {
  const { page, close } = await openConsole(running, { at: "subscriptions" });
  const ledger = page.getByRole("region", { name: "ledger.meridian" });
  const path = { organizationId, subscriptionId: "ledger" };
  const { last24Hours, last7Days, days } = await deliveryFigures(world)(path);
  const percentOf = (rate: number | undefined) => `${Math.floor((rate ?? 0) * 1_000) / 10} %`;
  const row = ledger.getByRole("row", { name: "Attempts that succeed" });
  await row.waitFor();
  expect(await row.getByRole("cell").allTextContents()).toEqual(
    [last24Hours, last7Days].map(({ successRate }) => percentOf(successRate)),
  );
  expect(await ledger.getByRole("row", { name: "95 % within" }).getByRole("cell").last().textContent()).toBe("912 ms");
  await ledger.getByText("answered 500").waitFor();
  await ledger.getByText("Table", { exact: true }).click();
  const failedOf = (notifications: { delivery_failed: number }) => String(notifications.delivery_failed);
  expect(await ledger.locator("details tbody td:nth-of-type(2)").allTextContents()).toEqual(
    days.map(({ notifications }) => failedOf(notifications)),
  );
  await page.getByRole("region", { name: "mail.meridian" }).getByRole("link", { name: "notifications" }).click();
  await page.getByText("Held: webhook is disabled").first().waitFor();
  await close();
});

test("a test shows what the endpoint answered", async () => {
  const { page, close } = await openConsole(running, { at: "subscriptions" });
  await page.getByRole("region", { name: "cases.meridian" }).getByRole("button", { name: "Send a test" }).click();
  await page.getByRole("status").getByText("Delivered", { exact: true }).waitFor();
  await close();
});

test("a webhook is disabled and enabled", async () => {
  const { page, close } = await openConsole(running, { at: "subscriptions" });
  const card = page.getByRole("region", { name: "cases.meridian" });
  await card.getByRole("button", { name: "Disable" }).click();
  await card.getByText("Disabled by you").waitFor();
  expect(await world.subscriptions.get(organizationId, "case-system")).toMatchObject({
    enabled: false,
  });
  await card.getByRole("button", { name: "Enable" }).click();
  await card.getByText("Enabled", { exact: true }).waitFor();
  await close();
});

test("recovering shows the count before it sends", async () => {
  const { page, close } = await openConsole(running, { at: "subscriptions" });
  await page.getByRole("region", { name: "ledger.meridian" }).getByRole("button", { name: "Recover" }).click();
  await page.getByLabel("Events since (UTC)").fill("2026-01-01");
  const send = page.getByRole("dialog").getByRole("button", { name: "Send again" });
  expect(await send.isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Count" }).click();
  const words = (await page.getByText("would be sent again").textContent()) ?? "";
  expect(Number.parseInt(words, 10)).toBeGreaterThan(0);
  await send.click();
  await page.getByText(words.replace("would be sent", "sent")).waitFor();
  await close();
});

test("chosen notifications are sent again, and leave the list", async () => {
  const { page, close } = await openConsole(running, { at: "undelivered" });
  const boxes = page.getByRole("checkbox");
  const before = await boxes.count();
  expect(before).toBeGreaterThan(1);
  // Each names the dispute that it is about.
  await page
    .getByText(/^txn_\w+ · .+ · \$[\d,.]+$/)
    .first()
    .waitFor();
  await boxes.first().check();
  await page.getByRole("button", { name: "Send 1 again" }).click();
  await page
    .getByText(`${before - 1} notification`)
    .first()
    .waitFor();
  await close();
});

test("a key that may only read is offered nothing else", async () => {
  const key = await running.server.newKey([organizationId], ["audit:read"]);
  const { page, close } = await openConsole(running, { at: "disputes/7c1f6f2e-0000-4000-8000-000000000006", key });
  expect(await page.getByRole("link", { name: "Subscriptions" }).count()).toBe(0);
  for (const name of ["Edit", "Ask Kard now", "Send again"])
    expect(await page.getByRole("button", { name }).count()).toBe(0);
  await close();
});

test("the day cannot be changed while notifications are counted", async () => {
  const { page, close } = await openConsole(running, { at: "subscriptions" });
  const { promise: held, resolve: answer } = Promise.withResolvers<void>();
  await page.route("**/recover?**", (route) => held.then(() => route.continue()));
  await page.getByRole("region", { name: "ledger.meridian" }).getByRole("button", { name: "Recover" }).click();
  await page.getByRole("button", { name: "Count" }).click();
  const day = page.getByLabel("Events since (UTC)");
  expect(await day.isDisabled()).toBe(true);
  answer();
  await page.getByText("would be sent again").waitFor();
  expect(await day.isDisabled()).toBe(false);
  await close();
});

test("a webhook without failed notifications does not claim that all was delivered", async () => {
  const { page, close } = await openConsole(running, { at: "undelivered?subscription=case-system" });
  await page.getByText("No notification of this webhook has failed or is held").waitFor();
  await page.getByRole("link", { name: "Show all webhooks" }).click();
  await page.getByRole("checkbox").first().waitFor();
  await close();
});
