import { describe, expect, test } from "@jest/globals";
import { readConfig } from "../../../infra/config/config.ts";
import { prod } from "../support/synthesize.ts";

describe("a configuration", () => {
  test("without context is the dev stage with Kard's sandbox", () => {
    expect(readConfig({})).toMatchObject({
      outcome: "valid",
      config: {
        stage: "dev",
        kardApiUrl: "https://test-rewards-api.getkard.com",
        kardRequestsPerSecond: 50,
        interactiveShare: 0.2,
        pollers: 1,
        webhookTargets: "public",
        webhookPorts: [443],
        targetAccounts: {},
        removalPolicy: "destroy",
        resolutionsConsumers: [],
      },
    });
  });

  test("of production retains data and calls Kard's production", () => {
    expect(readConfig(prod)).toMatchObject({
      outcome: "valid",
      config: { kardApiUrl: "https://rewards-api.getkard.com", removalPolicy: "retain", webhookTargets: "public" },
    });
  });

  test.each([
    [{}, "https://rewards-api.getkard.com/v2/auth/token", "json"],
    [{ kardTokenRequest: "form" }, "https://rewards-api.getkard.com/v2/auth/token", "form"],
    [{ kardApiUrl: "https://kard.example/" }, "https://kard.example/v2/auth/token", "json"],
    [{ kardTokenUrl: "https://a.getkard.com/t" }, "https://a.getkard.com/t", "form"],
    [{ kardTokenUrl: "https://a.getkard.com/t", kardTokenRequest: "json" }, "https://a.getkard.com/t", "json"],
  ])("of production with %j gets tokens at %s as %s", (context, kardTokenUrl, kardTokenRequest) => {
    expect(readConfig({ stage: "prod", ...context })).toMatchObject({
      outcome: "valid",
      config: { kardTokenUrl, kardTokenRequest },
    });
  });

  test("accepts text, as from the command line", () => {
    const plan = { bands: [{ from: 1000, to: null, gap: 1000, resolution: 1000 }], overdueAfter: 5000 };
    const consumers = ["111122223333", "arn:aws:iam::444455556666:role/ledger"];
    expect(
      readConfig({
        kardRequestsPerSecond: "12.5",
        pollers: "4",
        logRetentionDays: "7",
        pollPlan: JSON.stringify(plan),
        resolutionsConsumers: JSON.stringify(consumers),
      }),
    ).toMatchObject({
      outcome: "valid",
      config: {
        kardRequestsPerSecond: 12.5,
        pollers: 4,
        logRetentionDays: 7,
        pollPlan: plan,
        resolutionsConsumers: consumers,
      },
    });
  });

  test("ignores CDK's own context keys", () => {
    expect(readConfig({ "aws:cdk:bundling-stacks": [], "@aws-cdk/core:x": true, "cli-telemetry": false }).outcome).toBe(
      "valid",
    );
  });

  test.each([{ dueAfterDays: 15 }, { dueAfterDays: 14, dueSoonDays: 0 }, { dueAfterDays: 14, dueSoonDays: 13 }])(
    "%j is accepted: audits are due soon after their creation, if at all",
    (context) => {
      expect(readConfig(context).outcome).toBe("valid");
    },
  );

  test("allows loopback webhooks and plain http only in the local stage", () => {
    const local = { stage: "local", webhookTargets: "public-and-loopback", kardApiUrl: "http://127.0.0.1:4010" };
    expect(readConfig(local).outcome).toBe("valid");
  });
});
