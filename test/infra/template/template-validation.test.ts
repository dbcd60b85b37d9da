import { expect, test } from "@jest/globals";
import { prod, synthesize } from "../support/synthesize.ts";
import { findingsOf } from "../support/validate-template.ts";

const account = "111122223333";
const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:${name}-AbCdEf`;
const network = { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] };
const most = {
  ...prod,
  ...{ account, region: "eu-west-1", tags: { owner: "payments" } },
  ...{ pollers: 8, apiConcurrency: 50, encryptAll: true, resolutionsAgeAlarm: false },
  ...{
    auditRetentionDays: 400,
    notificationRetentionDays: 90,
    logRetentionDays: 365,
    alarmEmail: "on-call@example.com",
  },
  ...{
    gradualDeploy: "Canary10Percent5Minutes",
    sloAlarms: true,
    canary: { organizationId: "canary", url: "https://private.example.com" },
  },
  ...{ resolutionsConsumers: [account, `arn:aws:iam::${account}:role/ledger`], originSecretSha256: "0".repeat(64) },
  ...{ privateWebhookTargets: ["*.corp.example", "10.20.0.0/16"], webhookTlsSecret: secret("webhook-tls") },
  targetAccounts: { "bank-a": ["444455556666"] },
  domainName: "audits.example.com",
  certificateArn: `arn:aws:acm:eu-west-1:${account}:certificate/12345678-1234-1234-1234-123456789012`,
  mutualTls: { bucket: "trust", key: "authorities.pem", version: "7" },
};

test.each<[string, Record<string, unknown>]>([
  ["dev", {}],
  ["production", prod],
  ["production with nearly all options", { ...most, egress: "static-ips" }],
  ["production in an existing network", { ...most, network }],
  [
    "a restored table, with its key and secret",
    {
      ...prod,
      ...{ existingTable: "restored", existingSecret: secret("kard") },
      existingKey: `arn:aws:kms:eu-west-1:${account}:key/12345678-1234-1234-1234-123456789012`,
    },
  ],
])("AWS's validator finds nothing wrong with the template of %s", (_, context) => {
  expect(findingsOf(synthesize(context).toJSON())).toEqual([]);
});

test("the validator finds what AWS refuses", () => {
  const properties = {
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::1:role/r",
    Code: {},
    Timeout: 901,
  };
  const findings = findingsOf({ Resources: { Fn: { Type: "AWS::Lambda::Function", Properties: properties } } });
  expect(findings).toEqual(expect.arrayContaining([expect.stringMatching(/^ERROR .*901/)]));
});
