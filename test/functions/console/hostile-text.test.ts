import { afterAll, expect, test } from "@jest/globals";
import { organizationId } from "../../support/console/console-server.ts";
import { openConsole, settled, startConsole } from "../../support/console/start-console.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";

const running = await startConsole();
afterAll(() => running.stop());
const { world } = running.server;

const script = '"><img src=x onerror="document.title=1"><script>document.title=1</script>';
const probes = [
  script,
  "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
  "W".repeat(2_000),
  "e\u0301\u0302".repeat(300),
  "{{7*7}} <%= 7 %>",
];

for (const [index, probe] of probes.entries()) {
  const auditId = `9c1f6f2e-0000-4000-8000-${String(index).padStart(12, "0")}`;
  const subscriptionId = `hostile-${index}`;
  const request = {
    ...{ transactionId: `${index}-${probe}`.slice(0, 256), auditCode: 3006, merchantName: probe },
    ...{ auditDescription: probe, submitterName: probe, transactionAmountInCents: 100, currency: "<b>" },
  };
  const own = { reference: probe.slice(0, 100), metadata: { [probe.slice(0, 40)]: probe.slice(0, 500) } };
  const resolution = { resolutionCode: 1, resolutionDescription: probe, resolutionTimeStamp: null };
  await world.audits.create(
    openAudit({
      ...{ organizationId, auditId, request, ...own, userId: probe.slice(0, 256), createdAt: noon - 1 },
      ...{ kardAuditId: `hostile-${index}`, status: "CLOSED", settledAt: noon, resolution, sequence: 1 },
    }),
  );
  const url = `https://x.example/${encodeURIComponent(probe).slice(0, 1_900)}`;
  await world.subscriptions.create(
    aSubscription({ organizationId, subscriptionId, webhookUrl: url, description: probe }),
  );
  await world.notifications.put(
    aNotification({
      ...{ organizationId, auditId, subscriptionId, status: "delivery_failed", response: probe },
      attempts: [{ at: noon, ms: 1, statusCode: 500, error: probe }],
    }),
    undefined,
  );
}

const views = [
  "disputes?tab=resolved",
  "subscriptions",
  "undelivered",
  "overview",
  ...probes.map((_, index) => `disputes/9c1f6f2e-0000-4000-8000-${String(index).padStart(12, "0")}`),
  `disputes?search=${encodeURIComponent(script)}`,
];

test.each(views)("text from outside neither runs nor breaks the layout: %s", async (at) => {
  const { page, faults, close } = await openConsole(running, { at, width: 390 });
  for (const summary of await page.locator("summary").all()) await summary.click();
  await settled(page);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  }
  expect(await page.locator("main img, main script, main b").count()).toBe(0);
  expect(await page.title()).toContain("Audit tracker");
  expect(faults).toEqual([]);
  await close();
});
