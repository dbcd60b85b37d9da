import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import { App, Stack } from "aws-cdk-lib/core";
import { AuditTracker } from "../../../infra/audit-tracker.ts";
import { AuditTrackerStack } from "../../../infra/audit-tracker-stack.ts";
import { validConfig } from "../../../infra/config/config.ts";
import { prod, synthesize } from "../support/synthesize.ts";

// These ids must not change once a stack is deployed. CloudFormation replaces a resource whose logical id or key schema
// changes: it creates an empty one and retains the old one. Deletion protection does not prevent that.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
const stateful = {
  "AWS::DynamoDB::GlobalTable": ["TableCD117FA1"],
  "AWS::KMS::Key": ["DataKey17AFBB84"],
  "AWS::SecretsManager::Secret": ["KardSecret516E53B2"],
  "AWS::SQS::Queue": [
    "DeliveriesBF2F7293",
    "DeliveriesDeadLetters9E72E000",
    "Resolutions30ED8358",
    "ResolutionsDeadLetters156BA84D",
    "SlowDeliveries3853BD06",
  ],
  // Kard pushes to the API's URL.
  "AWS::ApiGatewayV2::Api": ["ApiF70053CD"],
};

/** The same for the README's app: `new AuditTracker(this, "Audits", …)` in a stack. */
const embedded = {
  "AWS::DynamoDB::GlobalTable": ["AuditsTable6AEDB596"],
  "AWS::KMS::Key": ["AuditsDataKeyAF53E40D"],
  "AWS::SecretsManager::Secret": ["AuditsKardSecretD6A27786"],
  "AWS::SQS::Queue": [
    "AuditsDeliveries8BA480E4",
    "AuditsDeliveriesDeadLetters26F8E3A0",
    "AuditsResolutions2D90A337",
    "AuditsResolutionsDeadLetters7A4DEA73",
    "AuditsSlowDeliveriesD133135E",
  ],
  "AWS::ApiGatewayV2::Api": ["AuditsApiEFD9FE53"],
};

const idsIn = (template: Template) =>
  Object.fromEntries(Object.keys(stateful).map((type) => [type, Object.keys(template.findResources(type)).sort()]));

function embedding(): Template {
  const stack = new Stack(new App({ context: { "aws:cdk:bundling-stacks": [] } }), "Ledger");
  new AuditTracker(stack, "Audits", { kardTokenUrl: "https://issuer.example/v2/auth/token" });
  return Template.fromStack(stack);
}

const templates: [string, Template][] = [
  ["our own stack", synthesize(prod)],
  ["an embedding app", embedding()],
];

test("our own stack has the deployed logical ids", () => {
  expect(idsIn(templates[0]?.[1] as Template)).toEqual(stateful);
});

test("an embedding app has the logical ids under which it was deployed", () => {
  expect(idsIn(templates[1]?.[1] as Template)).toEqual(embedded);
});

describe.each(templates)("in %s", (_, template) => {
  test("no stateful resource has a fixed name, which would make a replacement fail halfway", () => {
    for (const type of Object.keys(stateful)) {
      for (const { Properties } of Object.values(template.findResources(type))) {
        for (const name of ["TableName", "QueueName", "AliasName"]) expect(Properties).not.toHaveProperty(name);
        if (type === "AWS::SecretsManager::Secret") expect(Properties).not.toHaveProperty("Name");
      }
    }
  });

  test("the table has the deployed key schema", () => {
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    });
  });

  test("a rolled back first deployment leaves only the table and its key", () => {
    const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string; DeletionPolicy?: string }> };
    const kept = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === "Retain");
    expect(kept.map(({ Type }) => Type).sort()).toEqual(["AWS::DynamoDB::GlobalTable", "AWS::KMS::Key"]);
    const others = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === "RetainExceptOnCreate");
    expect(others).toHaveLength(6 + 7);
  });
});

test("the stack policy protects exactly these resources from replacement and deletion", () => {
  const { Statement } = JSON.parse(readFileSync("infra/stack-policy.json", "utf8"));
  const ids = Object.values(stateful).flat();
  expect(Statement).toEqual([
    { Effect: "Allow", Principal: "*", Action: "Update:*", Resource: "*" },
    {
      Effect: "Deny",
      Principal: "*",
      Action: ["Update:Replace", "Update:Delete"],
      Resource: expect.any(Array),
    },
  ]);
  expect(Statement[1].Resource.toSorted()).toEqual(ids.map((id) => `LogicalResourceId/${id}`).sort());
});

test("a stack with retained data has termination protection", () => {
  const stack = (context: object) =>
    new AuditTrackerStack(new App({ context: { "aws:cdk:bundling-stacks": [] } }), "Stack", {
      config: validConfig(context),
    });
  expect(stack(prod).terminationProtection).toBe(true);
  expect(stack({ ...prod, removalPolicy: "destroy" }).terminationProtection).toBe(false);
  expect(stack({}).terminationProtection).toBe(false);
});
