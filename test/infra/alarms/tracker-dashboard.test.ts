import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../synthesize.ts";

const template = synthesize({ alarmEmail: "on-call@example.com" });

test("the dashboard shows lag, the way of the audits, Kard, webhooks, queues, the API and what it costs", () => {
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

test("the dashboard has no more metrics than a free one", () => {
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
