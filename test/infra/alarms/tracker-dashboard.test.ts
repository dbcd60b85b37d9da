import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const template = synthesize({ alarmEmail: "on-call@example.com" });

test("the dashboard shows lag, audits, Kard, webhooks, queues, the API and cost", () => {
  const [[, { DashboardBody }] = ["", {}]] = resourcesOf(template, "AWS::CloudWatch::Dashboard");
  const text = JSON.stringify(DashboardBody);
  for (const metric of [
    ...["PollLagSeconds", "OutboxLagSeconds", "DeliveryLagSeconds", "AuditsFiled", "AuditsAccepted", "AuditsClosed"],
    ...[
      "Kard5xx",
      "KardRateUsed",
      "WebhooksDelivered",
      "WebhooksExhausted",
      "ApproximateNumberOfMessagesVisible",
      "5xx",
    ],
    ...["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "Duration"],
  ]) {
    expect(text).toContain(metric);
  }
});

test("the dashboard stays within the free number of metrics", () => {
  const [[, { DashboardBody }] = ["", {}]] = resourcesOf(template, "AWS::CloudWatch::Dashboard");
  const parts = (DashboardBody as { "Fn::Join": [string, unknown[]] })["Fn::Join"][1];
  const text = parts
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join("");
  const { widgets } = JSON.parse(text) as { widgets: { properties: { metrics: unknown[][] } }[] };
  const metrics = widgets
    .flatMap(({ properties }) => properties.metrics)
    .filter(([first]) => typeof first === "string");
  const names = metrics.map((metric) => JSON.stringify(metric.filter((part) => typeof part === "string")));
  expect(new Set(names).size).toBeGreaterThan(40);
  expect(new Set(names).size).toBeLessThanOrEqual(50);
});
