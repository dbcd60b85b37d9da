import { describe, expect, test } from "@jest/globals";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { App, Stack } from "aws-cdk-lib/core";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";
import { AuditTracker } from "../../infra/audit-tracker.ts";
import { prod, resourcesOf, synthesize } from "./support/synthesize.ts";

const kardTokenUrl = "https://issuer.example/oauth2/token";

/** A stack of another app with unrelated context. */
function theirStack(): Stack {
  const context = {
    ...CURRENTLY_RECOMMENDED_FLAGS,
    "aws:cdk:bundling-stacks": [],
    pollers: "a dozen",
    stage: "canary",
  };
  return new Stack(new App({ context }), "Ledger");
}

describe("a tracker in another app's stack", () => {
  const stack = theirStack();
  const tracker = new AuditTracker(stack, "Audits", { kardTokenUrl, pollers: 2, alarmEmail: "on-call@example.com" });
  const reader = new Role(stack, "Reader", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  tracker.grantConsumeResolutions(reader);
  const template = Template.fromStack(stack);

  test("has the same resources as our own stack, with production's defaults", () => {
    const kinds = (of: Template) =>
      Object.values((of.toJSON() as { Resources: Record<string, { Type: string }> }).Resources).map(({ Type }) => Type);
    const own = synthesize({ ...prod, pollers: 2, alarmEmail: "on-call@example.com" });
    const theirs = kinds(template).filter((type) => !type.startsWith("AWS::IAM"));
    expect(theirs.sort()).toEqual(
      kinds(own)
        .filter((type) => !type.startsWith("AWS::IAM"))
        .sort(),
    );
    template.hasResource("AWS::DynamoDB::GlobalTable", { DeletionPolicy: "Retain" });
  });

  test("grants consuming and decrypting the resolutions queue, and no other queue", () => {
    const statements = resourcesOf(template, "AWS::IAM::Policy")
      .filter(([id]) => id.startsWith("Reader"))
      .flatMap(([, { PolicyDocument }]) => (PolicyDocument as { Statement: unknown[] }).Statement);
    const arn = (pattern: string) => ({ "Fn::GetAtt": [expect.stringMatching(pattern), "Arn"] });
    expect(statements).toEqual([
      expect.objectContaining({
        Action: expect.arrayContaining(["sqs:ReceiveMessage", "sqs:DeleteMessage"]),
        Resource: arn("^AuditsResolutions(?!DeadLetters)"),
      }),
      expect.objectContaining({ Action: "kms:Decrypt", Resource: arn("^AuditsDataKey") }),
    ]);
  });

  test("exposes its resources", () => {
    const resolved = stack.resolve({
      api: tracker.apiUrl,
      table: tracker.table.tableName,
      resolutions: tracker.resolutionsQueue.queueUrl,
      deliveries: tracker.deliveriesQueue.queueUrl,
      secret: tracker.kardSecret.secretArn,
      topics: [tracker.alarmTopics.urgent.topicArn, tracker.alarmTopics.soon.topicArn],
    });
    expect(resolved).toMatchObject({
      api: { "Fn::GetAtt": [expect.stringMatching("^AuditsApi"), "ApiEndpoint"] },
      table: { Ref: expect.stringMatching("^AuditsTable") },
      resolutions: { Ref: expect.stringMatching("^AuditsResolutions") },
      deliveries: { Ref: expect.stringMatching("^AuditsDeliveries") },
      secret: { Ref: expect.stringMatching("^AuditsKardSecret") },
      topics: ["Urgent", "Soon"].map((severity) => ({ Ref: expect.stringMatching(`^AuditsAlarms${severity}Topic`) })),
    });
  });
});

test("two trackers in one stack share no resources", () => {
  const stack = theirStack();
  for (const id of ["One", "Other"]) new AuditTracker(stack, id, { kardTokenUrl });
  const template = Template.fromStack(stack);
  template.resourceCountIs("AWS::DynamoDB::GlobalTable", 2);
  const functions = resourcesOf(template, "AWS::Lambda::Function");
  expect(functions).toHaveLength(12);
  for (const [id, { Environment }] of functions) {
    const text = JSON.stringify(Environment);
    const [own, foreign] = id.startsWith("One") ? ["One", "Other"] : ["Other", "One"];
    expect(text).toContain(`"${own}Table`);
    expect(text).not.toMatch(new RegExp(`"${foreign}|-${foreign}-`));
  }
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: { POWERTOOLS_METRICS_NAMESPACE: Match.stringLikeRegexp("^KardAuditTracker/Ledger-One-") },
    },
  });
});

test("an invalid property is refused by name, with the reason", () => {
  const make = (props: object) => () => new AuditTracker(theirStack(), "Audits", { kardTokenUrl, ...props });
  expect(make({ pollers: 3 })).toThrow("Invalid configuration: pollers: Invalid option: expected one of 1|2|4|8");
  expect(make({ kardTokenUrl: "http://issuer.example" })).toThrow("kardTokenUrl: must be https");
  expect(make({ poller: 1 })).toThrow("poller: unknown key");
});
