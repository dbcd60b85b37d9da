import { expect, test } from "@jest/globals";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { App, Stack } from "aws-cdk-lib/core";
import { AuditSubscription } from "../../infra/audit-subscription.ts";
import { resourcesOf } from "./support/synthesize.ts";
import { findingsOf } from "./support/validate-template.ts";

const apiKeyArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-key-AbCdEf";

/** A stack with two subscriptions. */
function stackOfTwo() {
  const stack = new Stack(new App({ context: { "aws:cdk:bundling-stacks": [] } }), "Consumers");
  const apiKeySecret = Secret.fromSecretCompleteArn(stack, "ApiKey", apiKeyArn);
  const common = { apiUrl: "https://audits.example.com", organizationId: "bank-a", apiKeySecret };
  const orders = new AuditSubscription(stack, "Orders", {
    ...common,
    webhookUrl: "https://orders.example.com/hooks",
    eventNames: ["audit.closed"],
    retrySchedule: [60, 600],
    ordered: true,
  });
  new AuditSubscription(stack, "Support", {
    ...common,
    webhookUrl: "https://support.example.com/hooks",
    encryptionKey: new Key(stack, "Key"),
  });
  return { stack, orders, template: Template.fromStack(stack) };
}
const { stack, orders, template } = stackOfTwo();

test("each subscription is a custom resource of one function, with its attributes as JSON", () => {
  template.resourceCountIs("AWS::Lambda::Function", 1);
  template.hasResourceProperties("Custom::AuditSubscription", {
    ...{ ApiUrl: "https://audits.example.com", OrganizationId: "bank-a", ApiKeySecretArn: apiKeyArn },
    ServiceToken: { "Fn::GetAtt": [Match.stringLikeRegexp("^KardAuditSubscriptionsFunction"), "Arn"] },
    ServiceTimeout: "600",
    SecretArn: { Ref: Match.stringLikeRegexp("^OrdersSecret") },
    Attributes: JSON.stringify({
      ...{ webhookUrl: "https://orders.example.com/hooks", eventNames: ["audit.closed"] },
      ...{ retrySchedule: [60, 600], ordered: true },
    }),
  });
  expect(stack.resolve(orders.subscriptionId)).toEqual({
    "Fn::GetAtt": [expect.stringMatching(/^Orders/), "SubscriptionId"],
  });
});

test("each has a generated signing secret, which is not in the template", () => {
  const secrets = resourcesOf(template, "AWS::SecretsManager::Secret").map(([, properties]) => properties);
  expect(secrets).toHaveLength(2);
  for (const secret of secrets) {
    expect(secret).toMatchObject({ GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 44 } });
    expect(secret).not.toHaveProperty("SecretString");
  }
  expect(secrets.filter(({ KmsKeyId }) => KmsKeyId !== undefined)).toHaveLength(1);
});

test("the function reads the API key, and reads and writes the signing secrets, and nothing else", () => {
  const [[id, { PolicyDocument }] = ["", { PolicyDocument: {} }], ...others] = resourcesOf(
    template,
    "AWS::IAM::Policy",
  );
  expect(others).toEqual([]);
  const { Statement } = PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
  const actions = new Set(Statement.flatMap(({ Action }) => Action));
  expect([...actions].sort()).toEqual([
    ...["logs:CreateLogStream", "logs:PutLogEvents", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
    ...["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage"],
  ]);
  const writes = Statement.filter(({ Action }) => [Action].flat().includes("secretsmanager:PutSecretValue"));
  expect(JSON.stringify(writes)).not.toContain(apiKeyArn);
  expect(JSON.stringify(Statement)).not.toContain('"Resource":"*"');
  // A key of the stack allows the role in its own policy, through Secrets Manager only.
  const [[, { KeyPolicy }] = ["", { KeyPolicy: {} }]] = resourcesOf(template, "AWS::KMS::Key");
  const { Statement: ofKey } = KeyPolicy as { Statement: object[] };
  const ofRole = ofKey.filter((statement) => JSON.stringify(statement).includes("KardAuditSubscriptionsRole"));
  expect(ofRole.length).toBeGreaterThan(0);
  for (const statement of ofRole) expect(statement).toHaveProperty("Condition.StringEquals.kms:ViaService");
  // CloudFormation uses the function only while it has its permissions.
  const resources = Object.values(template.findResources("Custom::AuditSubscription"));
  for (const { DependsOn } of resources) expect(DependsOn).toContain(id);
});

test("AWS finds nothing wrong with the template", () => {
  expect(findingsOf(template.toJSON())).toEqual([]);
});
