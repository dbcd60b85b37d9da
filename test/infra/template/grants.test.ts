import { describe, expect, test } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import { AccountPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { App, Stack } from "aws-cdk-lib/core";
import { AuditTracker } from "../../../infra/audit-tracker.ts";
import { featureFlags } from "../../../infra/config/feature-flags.ts";
import { resourcesOf } from "../support/synthesize.ts";

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
  Condition?: { StringEquals?: Record<string, unknown> };
}

const stack = new Stack(new App({ context: { ...featureFlags, "aws:cdk:bundling-stacks": [] } }), "Ledger");
const tracker = new AuditTracker(stack, "Audits", {
  kardTokenUrl: "https://issuer.example/oauth2/token",
  resolutionsConsumers: ["111122223333"],
});
const role = (id: string) => new Role(stack, id, { assumedBy: new AccountPrincipal("111122223333") });
tracker.grantConsumeResolutions(role("Consumer"));
tracker.grantRedrive(role("OnCall"));
tracker.grantOperate(role("Operator"));
const template = Template.fromStack(stack);

const [keyPolicy = { Statement: [] }] = resourcesOf(template, "AWS::KMS::Key").map(
  ([, { KeyPolicy }]) => KeyPolicy as { Statement: Statement[] },
);
const statementsOf = (name: string): Statement[] =>
  resourcesOf(template, "AWS::IAM::Policy")
    .filter(([id]) => id.startsWith(`${name}DefaultPolicy`))
    .flatMap(([, { PolicyDocument }]) => (PolicyDocument as { Statement: Statement[] }).Statement);

const granted = (name: string) =>
  statementsOf(name)
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}`)),
    )
    .sort();

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const [, id = ""] = text.match(/"(?:Ref|Fn::GetAtt)":\[?"Audits(\w+?)[0-9A-F]{8}"/) ?? [];
  return text.includes("/index/*") ? `${id}/index/*` : id;
}

const viaOf = (service: string) => ({
  "Fn::Join": ["", [`${service}.`, { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }]],
});

test("functions, roles and other accounts can use the key only through a service", () => {
  const policies = resourcesOf(template, "AWS::IAM::Policy").map(([, { PolicyDocument }]) => PolicyDocument);
  const statements = [...policies, keyPolicy].flatMap((document) => (document as { Statement: Statement[] }).Statement);
  const uses = statements.filter(({ Action }) =>
    [Action].flat().some((action) => /^kms:(Decrypt|Generate)/.test(action)),
  );
  expect(uses.length).toBeGreaterThan(9);
  for (const { Condition } of uses) expect(Condition?.StringEquals).toHaveProperty("kms:ViaService");
});

test("a consuming account can decrypt only messages from SQS", () => {
  expect(keyPolicy.Statement).toContainEqual(
    expect.objectContaining({
      Action: "kms:Decrypt",
      Principal: {
        AWS: expect.objectContaining({ "Fn::Join": ["", expect.arrayContaining([":iam::111122223333:root"])] }),
      },
      Condition: { StringEquals: { "kms:ViaService": [viaOf("sqs")] } },
    }),
  );
});

describe("the grants", () => {
  test("let a consumer receive and delete resolutions", () => {
    expect(granted("Consumer")).toEqual([
      "kms:Decrypt on DataKey",
      ...["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"].map(
        (action) => `sqs:${action} on Resolutions`,
      ),
    ]);
  });

  test("let on-call redrive dead letters", () => {
    const actions = [
      ...["CancelMessageMoveTask", "DeleteMessage", "GetQueueAttributes", "ListMessageMoveTasks"],
      ...["PurgeQueue", "ReceiveMessage", "StartMessageMoveTask"],
    ];
    expect(granted("OnCall")).toEqual(
      [
        ...["kms:Decrypt on DataKey", "kms:GenerateDataKey on DataKey"],
        ...["DeliveriesDeadLetters", "ResolutionsDeadLetters"].flatMap((queue) =>
          actions.map((action) => `sqs:${action} on ${queue}`),
        ),
        ...["Deliveries", "Resolutions", "SlowDeliveries"].map((queue) => `sqs:SendMessage on ${queue}`),
      ].sort(),
    );
  });

  test("let an operator run the commands that need the table and Kard's credentials", () => {
    const items = ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"];
    expect(new Set(granted("Operator"))).toEqual(
      new Set([
        ...items.flatMap((action) => [`dynamodb:${action} on Table`, `dynamodb:${action} on Table/index/*`]),
        ...["Decrypt", "DescribeKey", "GenerateDataKey"].map((action) => `kms:${action} on DataKey`),
        "secretsmanager:GetSecretValue on KardSecret",
        "secretsmanager:PutSecretValue on KardSecret",
      ]),
    );
    const ofSecrets = statementsOf("Operator").filter(({ Condition }) =>
      JSON.stringify(Condition ?? {}).includes("secretsmanager"),
    );
    expect(ofSecrets.flatMap(({ Action }) => Action)).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });
});
