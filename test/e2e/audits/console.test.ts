import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { startBrowser, watch } from "../../support/console/browser.ts";
import { fileClosedAudit } from "../support/closed-audit.ts";
import { auditFields } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never, push: false });
const { outputs, owner } = product;
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

test("a support agent follows a dispute from filing to a replayed webhook, through the deployed template", async () => {
  const receiver = await product.newWebhookReceiver();
  receiver.respondWith(500);
  await subscribe(owner, receiver.url);
  const fields = auditFields({
    merchantName: "<img src=x onerror=alert(1)> \u05e9\u05dc\u05d5\u05dd",
    reference: "CASE-1",
  });
  const auditId = await fileClosedAudit(product, owner, fields);
  await until("the first attempt failed", async () =>
    (await owner.audit(auditId)).attributes.timeline.some(({ what }) => what === "delivery"),
  );

  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const { faults } = watch(page, new URL(outputs.ApiUrl).origin);
  await page.goto(`${outputs.ConsoleUrl}#key=${owner.apiKey}`);
  await page.getByLabel("Search disputes").fill("CASE-1");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: fields.transactionId }).click();
  await page.getByText(fields.merchantName).waitFor();
  await page.getByText("answered 500").first().waitFor();
  receiver.respondWith(204);
  await page.getByRole("button", { name: "Send again" }).click();
  await until("the webhook is delivered", async () => receiver.received.some(({ answered }) => answered === 204));
  await until("it is recorded", async () =>
    (await owner.audit(auditId)).attributes.notifications.every(({ status }) => status === "delivered"),
  );
  await page.reload();
  await page.getByText("answered 204").first().waitFor();
  expect(page.url()).not.toContain(owner.apiKey);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("On time").waitFor();
  await page.getByRole("link", { name: "Subscriptions" }).click();
  await page.getByText("Attempts that succeed").waitFor();
  expect(faults).toEqual([]);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  expect(await page.evaluate("sessionStorage.length + localStorage.length")).toBe(0);
  await page.close();
});
