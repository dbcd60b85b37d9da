import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { App, Validations } from "aws-cdk-lib/core";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import * as z from "zod";
import { AuditTrackerStack } from "../../../infra/audit-tracker-stack.ts";
import { validConfig } from "../../../infra/config/config.ts";
import { featureFlags } from "../../../infra/config/feature-flags.ts";
import { prod } from "../support/synthesize.ts";

const violation = z.object({
  ruleName: z.string(),
  violatingConstructs: z.array(z.object({ constructPath: z.string() })),
});
const report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(violation),
      suppressedViolations: z.array(violation).default([]),
    }),
  ),
});

/** The findings of cdk-nag's packs for a configuration. */
function checked(context: Record<string, unknown>) {
  const outdir = mkdtempSync(join(tmpdir(), "kard-audit-tracker-nag-"));
  try {
    const app = new App({ context: { ...featureFlags, "aws:cdk:bundling-stacks": [] }, outdir });
    const stack = new AuditTrackerStack(app, "Stack", { config: validConfig(context) });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
    app.synth();
    const read = report.parse(JSON.parse(readFileSync(join(outdir, "validation-report.json"), "utf8")));
    return { packs: read.pluginReports, acknowledged: acknowledgedIn(stack) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The rules that the constructs of a stack acknowledge, with their reasons. */
function acknowledgedIn(stack: AuditTrackerStack): Map<string, string> {
  const rules = z.record(z.string(), z.string());
  const given = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
  // CDK's own constructs acknowledge findings of CDK's own validation.
  const ofPacks = ([rule]: [string, string]) => !rule.startsWith("CloudFormation-Validate::");
  return new Map(given.flatMap(({ data }) => Object.entries(rules.parse(data)).filter(ofPacks)));
}

const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/1234";

describe.each<[string, Record<string, unknown>]>([
  ["dev", {}],
  ["production", prod],
  ["a custom domain", { ...prod, domainName: "audits.example.com", certificateArn }],
  ["targets of issuers", { ...prod, targetAccounts: { "bank-a": ["111122223333", "444455556666"] } }],
  ["an existing network", { ...prod, egress: "static-ips" }],
  [
    "a canary and gradual deployments",
    { ...prod, canary: { organizationId: "canary" }, gradualDeploy: "Canary10Percent5Minutes" },
  ],
])("the stack of %s", (_, context) => {
  const { packs, acknowledged } = checked(context);

  test("has no findings of AwsSolutions and Serverless", () => {
    expect(packs.map(({ pluginName }) => pluginName)).toEqual(["AwsSolutions", "Serverless"]);
    expect(packs.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test("acknowledges only real findings, with a reason", () => {
    const found = packs.flatMap(({ pluginName, suppressedViolations }) =>
      suppressedViolations.map(({ ruleName }) => `${pluginName}::${ruleName}`),
    );
    expect(new Set(acknowledged.keys())).toEqual(new Set(found));
    for (const reason of acknowledged.values()) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  });
});
