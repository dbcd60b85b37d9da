import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { readConfig } from "../../../infra/config/config.ts";
import { prod } from "../support/synthesize.ts";

const provider = {
  issuer: "https://id.example/",
  audience: "audits",
  jwksUrl: "https://id.example/jwks",
  organizationsClaim: "org",
};

describe("a configuration", () => {
  test.each<[context: Record<string, unknown>, reason: RegExp]>([
    [{ stage: "staging" }, /^stage: .*"prod"\|"dev"\|"local"/],
    [{ kardTokenUrl: "kard" }, /^kardTokenUrl: must be an http\(s\) URL$/],
    [{ kardTokenRequest: "xml" }, /^kardTokenRequest: .*"form"\|"json"/],
    [{ kardApiurl: "https://kard.example" }, /^kardApiurl: unknown key; known keys are stage, .*kardApiUrl, /],
    [{ kardApiUrl: "kard" }, /^kardApiUrl: must be an http\(s\) URL$/],
    [{ kardApiUrl: "https://<client>.example" }, /^kardApiUrl: must be an http\(s\) URL$/],
    [{ kardApiUrl: "http://kard.example" }, /^kardApiUrl: must be https outside the local stage$/],
    [{ kardTokenUrl: "http://kard.example" }, /^kardTokenUrl: must be https outside the local stage$/],
    [{ kardRequestsPerSecond: "0" }, /^kardRequestsPerSecond: /],
    [{ kardRequestsPerSecond: "fast" }, /^kardRequestsPerSecond: /],
    [{ kardRequestsPerSecond: "8.9", pollers: "8" }, /^kardRequestsPerSecond: must be at least 9 with pollers=8$/],
    [{ interactiveShare: "1" }, /^interactiveShare: /],
    [{ pollers: "3" }, /^pollers: .*1\|2\|4\|8/],
    [{ pollPlan: "{" }, /^pollPlan: /],
    [{ pollPlan: '{"bands":[],"overdueAfter":1}' }, /^pollPlan\.bands: /],
    [{ auditRetentionDays: "30", followUpAfterDays: "24" }, /^followUpAfterDays: must be at least 7 less than audit/],
    [{ dueAfterDays: "30", dueSoonDays: "30" }, /^dueSoonDays: must be less than dueAfterDays, which is 30$/],
    [{ dueSoonDays: "90" }, /^dueSoonDays: must be less than dueAfterDays, which is 90$/],
    [{ dueAfterDays: "14" }, /^dueSoonDays: must be less than dueAfterDays, which is 14; it is 14 by default$/],
    [{ webhookTargets: "public-and-loopback" }, /^webhookTargets: must be "public" outside the local stage$/],
    [{ ...prod, webhookTargets: "public-and-loopback" }, /^webhookTargets: must be "public" outside the local stage$/],
    [{ webhookTargets: "anywhere" }, /^webhookTargets: /],
    [{ webhookDnsServers: '["127.0.0.1:5353"]' }, /^webhookDnsServers: is available only in the local stage$/],
    [{ stage: "local", webhookDnsServers: "127.0.0.1" }, /^webhookDnsServers: must be a JSON list such as /],
    [{ webhookPorts: "8443" }, /^webhookPorts: must be a JSON list of ports such as \[443,8443\]$/],
    [{ targetAccounts: "bank-a" }, /^targetAccounts: must be JSON such as \{"bank-a":\["111122223333"\]\}$/],
    [{ targetAccounts: '{"bank-a":["1"]}' }, /^targetAccounts\.bank-a\.0: must be a 12-digit account id$/],
    [
      { targetAccounts: '{"bank-a":["111122223333"]}', account: "111122223333", region: "eu-west-1" },
      /^targetAccounts: must not have the account of the deployment/,
    ],
    [{ privateWebhookTargets: "10.0.0.0/8" }, /^privateWebhookTargets: must be a JSON list such as /],
    [{ privateWebhookTargets: '["127.0.0.0/8"]' }, /^privateWebhookTargets\.0: 127\.0\.0\.0\/8: must be within /],
    [{ gradualDeploy: "slowly" }, /^gradualDeploy: must be a configuration of CodeDeploy/],
    [{ canary: "canary" }, /^canary: /],
    [{ canary: { organizationId: "" } }, /^canary\.organizationId: /],
    [{ network: { vpcId: "vpc-0123456789abcdef0", subnetIds: [] } }, /^network\.subnetIds: /],
    [
      { network: { vpcId: "main", subnetIds: ["subnet-0123456789abcdef0"] } },
      /^network\.vpcId: must be an id such as vpc-/,
    ],
    [
      { network: { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0"] }, egress: "static-ips" },
      /^egress: must be left out/,
    ],
    [{ webhookPorts: "[0]" }, /^webhookPorts\.0: /],
    [{ callerRequestsPerSecond: "0" }, /^callerRequestsPerSecond: /],
    [{ apiRequestsPerSecond: "0.5" }, /^apiRequestsPerSecond: /],
    [{ identityProvider: "https://id.example" }, /^identityProvider: /],
    [{ identityProvider: { ...provider, audience: "" } }, /^identityProvider\.audience: /],
    [{ identityProvider: { ...provider, organizationsClaim: undefined } }, /^identityProvider\.organizationsClaim: /],
    [{ identityProvider: { ...provider, algorithm: "none" } }, /^identityProvider: .*algorithm/],
    [
      { identityProvider: { ...provider, jwksUrl: "http://id.example/jwks" } },
      /^identityProvider: jwksUrl must be https/,
    ],
    [{ deliveryConcurrency: "1" }, /^deliveryConcurrency: /],
    [{ logRetentionDays: "8" }, /^logRetentionDays: must be a number of days that CloudWatch Logs offers$/],
    [{ removalPolicy: "shred" }, /^removalPolicy: /],
    [{ egress: "vpn" }, /^egress: /],
    [{ stage: "local", egress: "static-ips" }, /^egress: must be "internet" in the local stage$/],
    [{ domainName: "audits.example.com" }, /^certificateArn: must be given with domainName$/],
    [{ domainName: "https://x" }, /^domainName: must be a host name/],
    [{ certificateArn: "mine" }, /^certificateArn: must be the ARN of an ACM certificate; domainName: must be given/],
    [{ mutualTls: '{"bucket":"trust","key":"ca.pem"}' }, /^domainName: must be given with mutualTls$/],
    [{ mutualTls: "s3://trust/ca.pem" }, /^mutualTls: /],
    [{ auditRetentionDays: "3" }, /^auditRetentionDays: must be 7 days or more, or left out$/],
    [{ notificationRetentionDays: "soon" }, /^notificationRetentionDays: /],
    [{ alarmEmail: "someone" }, /^alarmEmail: must be an e-mail address$/],
    [{ resolutionsConsumers: "111122223333" }, /^resolutionsConsumers: must be a JSON list/],
    [{ resolutionsConsumers: ["everyone"] }, /^resolutionsConsumers\.0: must be a 12-digit account id or the ARN/],
    [{ resolutionsConsumers: ["*"] }, /^resolutionsConsumers\.0: /],
    [{ pollers: "3", kardApiUrl: "kard" }, /kardApiUrl: .*; pollers: /],
    [
      { account: "111122223333", region: "eu-west-1", eventTopic: "arn:aws:sns:us-east-1:111122223333:audits" },
      /^eventTopic: must be in the stack's region$/,
    ],
    [{ resolutionsEvents: '["subscription.test"]' }, /^resolutionsEvents\b/],
    [{ contacts: '{"org":{"emails":["nobody"]}}' }, /^contacts\.org\.emails\.0: must be an e-mail address$/],
    [{ contacts: '{"org":{"topicArn":"audits"}}' }, /^contacts\.org\.topicArn: must be the ARN of a topic$/],
    [{ contacts: '{"org":{"events":["audit.closed"]}}' }, /^contacts\.org\.events\.0: /],
    [
      { contacts: { org: { topicArn: "arn:aws:sns:us-east-1:111122223333:a", emails: [] } } },
      /^contacts\.org: has topicArn or emails, not both$/,
    ],
  ])("%j is refused in one line with its name", (context, reason) => {
    const read = readConfig(context);
    expect(read).toEqual({ outcome: "invalid", reason: expect.stringMatching(reason) });
    expect(JSON.stringify(read)).not.toContain("\\n");
  });
});

test("the app ends with one line for an invalid configuration", () => {
  const env = { ...process.env, NODE_OPTIONS: "", CDK_CONTEXT_JSON: JSON.stringify({ pollers: "3" }) };
  const { status, stderr, stdout } = spawnSync(process.execPath, ["infra/app.ts"], { env, encoding: "utf8" });
  expect(stderr).toBe("Invalid configuration: pollers: Invalid option: expected one of 1|2|4|8\n");
  expect(stdout).toBe("");
  expect(status).toBe(1);
});
