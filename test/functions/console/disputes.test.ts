import { afterAll, expect, test } from "@jest/globals";
import { organizationId } from "../../support/console/console-server.ts";
import { openConsole, settled, startConsole } from "../../support/console/start-console.ts";

const running = await startConsole();
afterAll(() => running.stop());

test("a reader finds a dispute by its reference and reads Kard's answer and each delivery", async () => {
  const { page, faults, close } = await openConsole(running, { at: "disputes" });
  await page.keyboard.press("/");
  await page.keyboard.type("CASE-4706");
  await page.keyboard.press("Enter");
  await page.getByText("Found by reference").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "txn_b77d2f" }).click();
  await page.getByText("Kard sends the transaction again in the daily file.").waitFor();
  await page.getByText("Delivery to ledger.meridian.example/hooks/rewards failed").first().waitFor();
  const missing = page.getByRole("region", { name: "Not delivered" });
  await missing
    .getByText("ledger.meridian.example/hooks/rewards did not get audit.closed (failed, no attempt left)")
    .waitFor();
  const ledger = page.getByRole("listitem").filter({ hasText: "to ledger.meridian" });
  await ledger.getByText("3 attempts", { exact: true }).click();
  await ledger.getByText("locked for maintenance").waitFor();
  await ledger.getByRole("button", { name: "Send again" }).click();
  await ledger.getByText("Waiting for its next attempt").waitFor();
  await missing.getByText("ledger.meridian").waitFor({ state: "detached" });
  expect(faults).toEqual([]);
  await close();
});

test("j, k and Enter walk through the list and open a dispute", async () => {
  const { page, close } = await openConsole(running, { at: "disputes" });
  await page.locator("tr[data-row='0']").waitFor();
  for (const [key, row] of ["j0", "j1", "j2", "k1"]) {
    await page.keyboard.press(key ?? "");
    await page.locator(`tr[data-row='${row}']:focus-within`).waitFor();
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await close();
});

test("filters are in the URL, and the sum belongs to what is shown", async () => {
  const { page, close } = await openConsole(running, { at: "disputes" });
  await page.getByText("27 disputes", { exact: true }).waitFor();
  await page.getByLabel("Merchant").fill("nordstrom");
  await page.keyboard.press("Tab");
  await page.getByText("$223.00").first().waitFor();
  await page.getByText("1 dispute", { exact: true }).waitFor();
  expect(page.url()).toContain("merchant=Nordstrom");
  await page.goto(page.url());
  await settled(page);
  expect(await page.getByLabel("Merchant").inputValue()).toBe("Nordstrom");
  await close();
});

test("from a dispute, a reader comes to the merchant's open disputes, to the user's, and to the webhook", async () => {
  const { page, close } = await openConsole(running, { at: `disputes/7c1f6f2e-0000-4000-8000-000000000018` });
  await page.getByRole("link", { name: "ledger.meridian" }).click();
  await page.getByRole("heading", { name: "Subscriptions" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "usr_10911" }).click();
  await page.getByText("Found by user").first().waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Target" }).click();
  await page.getByRole("heading", { name: "Disputes" }).waitFor();
  expect(await page.getByLabel("Merchant").inputValue()).toBe("Target");
  await close();
});

test("the attention tab shows a reason for each dispute, including undelivered events", async () => {
  const { page, close } = await openConsole(running, { at: "disputes?tab=attention" });
  for (const words of ["Overdue", "Due within 14 days", "Not confirmed", "Refused by Kard", "Not delivered to you"])
    await page.locator("td.status").getByText(words, { exact: true }).first().waitFor();
  await close();
});

test("the view is exported as CSV", async () => {
  const { page, close } = await openConsole(running, { at: "disputes?tab=resolved" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  const text = await new Response((await download.createReadStream()) as never).text();
  expect(download.suggestedFilename()).toBe("disputes-resolved.csv");
  expect(text.split("\r\n").length).toBe((await page.getByRole("row").count()) + 1);
  await close();
});

test("reference and metadata are changed, and shown as the server has them", async () => {
  const { page, close } = await openConsole(running, { at: "disputes/7c1f6f2e-0000-4000-8000-000000000006" });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Reference").fill("CASE-NEW");
  await page.getByLabel("Name 1").fill("queue");
  await page.getByLabel("Value 1").fill("vip");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("CASE-NEW").waitFor();
  const stored = await running.server.world.audits.get({
    organizationId,
    auditId: "7c1f6f2e-0000-4000-8000-000000000006",
  });
  expect(stored).toMatchObject({ reference: "CASE-NEW", metadata: { queue: "vip" } });
  await close();
});

test("a filter that is being typed stays while pages arrive", async () => {
  const { page, close } = await openConsole(running, { at: "overview" });
  const { promise: held, resolve: answer } = Promise.withResolvers<void>();
  await page.route("**/audits?**", (route) => held.then(() => route.continue()));
  await page.getByRole("link", { name: "Disputes", exact: true }).click();
  await page.getByLabel("Merchant").pressSequentially("Nord");
  answer();
  await page.getByText("27 disputes", { exact: true }).waitFor();
  expect(await page.getByLabel("Merchant").inputValue()).toBe("Nord");
  await close();
});

test.each([
  [200, "Kard was asked just now."],
  [202, "Kard has not confirmed the status."],
])("a reader sees whether Kard was asked: %d", async (status, words) => {
  const { page, close } = await openConsole(running, { at: "disputes/7c1f6f2e-0000-4000-8000-000000000002" });
  await page.route("**/refresh", (route) => route.fulfill({ status, json: { data: {} } }));
  await page.getByRole("button", { name: "Ask Kard now" }).click();
  const message = page.getByText(words);
  await message.waitFor();
  expect((await message.boundingBox())?.width).toBeGreaterThan(100);
  await close();
});

test("metadata without a value is not dropped silently", async () => {
  const { page, close } = await openConsole(running, { at: "disputes/7c1f6f2e-0000-4000-8000-000000000011" });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Name 1").fill("queue");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").getByRole("alert").getByText("Give each name a value").waitFor();
  await close();
});

test("a refused clipboard is not taken for a copy", async () => {
  const { page, close } = await openConsole(running, { at: "disputes/7c1f6f2e-0000-4000-8000-000000000011" });
  await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Could not copy").waitFor();
  await close();
});
