import { expect, test } from "@jest/globals";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { AccountPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { AuditTracker } from "../../../infra/audit-tracker.ts";
import type { Config } from "../../../infra/config/config.ts";
import type { AuditTrackerProps } from "../../../infra/props/audit-tracker-props.ts";
import { embedded, kardTokenUrl } from "../support/embedded-tracker.ts";
import { resourcesOf } from "../support/synthesize.ts";

// Does not compile if the construct has no property for a configuration value.
type Covered =
  | keyof AuditTrackerProps
  | "stage"
  | "account"
  | "region"
  | "tags"
  | "webhookTargets"
  | "webhookDnsServers";
type Renamed =
  | (
      | "logRetentionDays"
      | "auditRetentionDays"
      | "notificationRetentionDays"
      | "dueAfterDays"
      | "dueSoonDays"
      | "followUpAfterDays"
      | "domainName"
      | "certificateArn"
      | "mutualTls"
    )
  | ("egress" | "existingKey" | "webhookTlsSecret" | "eventTopicKey");
true satisfies [Exclude<keyof Config, Covered | Renamed>] extends [never] ? true : false;

// Does not compile if no configuration value sets a property of the construct.
type Spelled =
  | ("logRetention" | "auditRetention" | "notificationRetention" | "dueAfter" | "dueSoon" | "followUpAfter")
  | ("domain" | "staticEgress" | "encryptionKey" | "webhookTls");
true satisfies [Exclude<keyof AuditTrackerProps, keyof Config | Spelled>] extends [never] ? true : false;

test("durations, retention and removal policies are those of the CDK", () => {
  const { template } = embedded(() => ({
    auditRetention: Duration.days(400),
    dueAfter: Duration.days(45),
    dueSoon: Duration.days(7),
    followUpAfter: Duration.days(30),
    logRetention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
  }));
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: Match.objectLike({
        AUDIT_RETENTION_DAYS: "400",
        FOLLOW_UP_AFTER_MS: String(Duration.days(30).toMilliseconds()),
        POLL_PLAN: Match.stringLikeRegexp('"overdueAfter":3888000000,"dueSoonBefore":604800000'),
      }),
    },
  });
  template.hasResourceProperties("AWS::Logs::LogGroup", { RetentionInDays: 14 });
  template.hasResource("AWS::DynamoDB::GlobalTable", { DeletionPolicy: "Delete" });
});

test("accepts tokens for a URL, a role and a certificate of the same app", () => {
  const { template } = embedded((stack) => {
    const url = StringParameter.valueForStringParameter(stack, "/kard/token-url");
    const role = new Role(stack, "Ledger", { assumedBy: new AccountPrincipal("111122223333") });
    const certificate = new Certificate(stack, "Certificate", { domainName: "audits.example.com" });
    const domain = { domainName: "audits.example.com", certificate };
    return { kardTokenUrl: url, resolutionsConsumers: [role.roleArn, new AccountPrincipal("444455556666")], domain };
  });
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: Match.objectLike({ KARD_TOKEN_URL: { Ref: Match.stringLikeRegexp("^SsmParameter") } }) },
  });
  template.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
    DomainNameConfigurations: [Match.objectLike({ CertificateArn: { Ref: Match.stringLikeRegexp("^Certificate") } })],
  });
  expect(JSON.stringify(template.findResources("AWS::SQS::QueuePolicy"))).toContain("444455556666");
});

test("mutual TLS requires client certificates", () => {
  const { template } = embedded((stack) => ({
    domain: {
      domainName: "audits.example.com",
      certificate: Certificate.fromCertificateArn(
        stack,
        "C",
        "arn:aws:acm:eu-west-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
      ),
      mutualTls: { bucket: Bucket.fromBucketName(stack, "B", "trust"), key: "authorities.pem" },
    },
  }));
  template.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
    MutualTlsAuthentication: { TruststoreUri: "s3://trust/authorities.pem" },
  });
});

test("static egress addresses are retained when the stack is deleted", () => {
  const { template } = embedded(() => ({ staticEgress: true }));
  template.allResources("AWS::EC2::EIP", { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
});

test("encryptAll encrypts logs, environments and topics with the key", () => {
  const { template } = embedded(() => ({ encryptAll: true }));
  const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^AuditsDataKey"), "Arn"] };
  template.allResourcesProperties("AWS::Logs::LogGroup", { KmsKeyId: key });
  template.allResourcesProperties("AWS::Lambda::Function", { KmsKeyArn: key });
  const keys = resourcesOf(template, "AWS::SNS::Topic").map(([id, { KmsMasterKeyId }]) => [id, KmsMasterKeyId]);
  for (const severity of ["Urgent", "Soon"]) {
    expect(keys).toContainEqual([expect.stringMatching(`^AuditsAlarms${severity}Topic`), expect.anything()]);
  }
  // SNS cannot publish to a topic whose key is disabled.
  expect(keys).toContainEqual([expect.stringMatching("^AuditsAlarmsKeyLossTopic"), undefined]);
  const [[, { KeyPolicy }] = ["", {}]] = resourcesOf(template, "AWS::KMS::Key");
  const policy = JSON.stringify(KeyPolicy);
  expect(policy).toContain('"Service":"cloudwatch.amazonaws.com"');
  expect(policy).not.toContain("events.amazonaws.com");
  expect(policy).toContain('"logs.');
  embedded(() => ({})).template.allResourcesProperties("AWS::Logs::LogGroup", { KmsKeyId: Match.absent() });
});

test("tracing is off, and an option turns it on for all functions, with the right to send traces", () => {
  const { template } = embedded(() => ({ tracing: true }));
  template.allResourcesProperties("AWS::Lambda::Function", { TracingConfig: { Mode: "Active" } });
  const policies = resourcesOf(template, "AWS::IAM::Policy").map(([, policy]) => JSON.stringify(policy));
  const traced = policies.filter((policy) => policy.includes("xray:PutTraceSegments"));
  expect(traced).toHaveLength(resourcesOf(template, "AWS::Lambda::Function").length);
  const { template: usual } = embedded(() => ({}));
  usual.allResourcesProperties("AWS::Lambda::Function", { TracingConfig: Match.absent() });
  expect(JSON.stringify(usual.toJSON())).not.toContain("xray:");
});

test("the metric helpers use the tracker's namespace", () => {
  const { tracker } = embedded(() => ({}));
  const options = { period: Duration.minutes(1) };
  for (const [metric, metricName, statistic] of [
    [tracker.metricPollLag(options), "PollLagSeconds", "Maximum"],
    [tracker.metricOutboxLag(options), "OutboxLagSeconds", "Maximum"],
    [tracker.metricDeliveryLag(options), "DeliveryLagSeconds", "Maximum"],
    [tracker.metricAuditsFiled(options), "AuditsFiled", "Sum"],
    [tracker.metricWebhooksDelivered(options), "WebhooksDelivered", "Sum"],
    [tracker.metricWebhooksExhausted(options), "WebhooksExhausted", "Sum"],
  ] as const) {
    expect(metric).toMatchObject({ metricName, statistic, period: options.period });
    expect(metric.namespace).toMatch(/^KardAuditTracker\/Ledger-Audits-/);
  }
});

test("the outputs have the names that the command line reads", () => {
  const stack = new Stack(new App({ context: { "aws:cdk:bundling-stacks": [] } }), "Ledger");
  new AuditTracker(stack, "Audits", { kardTokenUrl }).addOutputs();
  const outputs = Object.keys(Template.fromStack(stack).findOutputs("*"));
  expect(outputs).toEqual(expect.arrayContaining(["ApiUrl", "TableName", "KardSecretArn", "KardUrl", "KardTokenUrl"]));
});

test("disabling the key or scheduling its deletion notifies a topic of its own", () => {
  const { template } = embedded(() => ({ runbookUrl: "https://wiki.example/runbook" }));
  const topic = { Ref: Match.stringLikeRegexp("^AuditsAlarmsKeyLossTopic") };
  template.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: Match.objectLike({
      detail: Match.objectLike({
        eventName: ["DisableKey", "ScheduleKeyDeletion"],
        resources: { ARN: [{ "Fn::GetAtt": [Match.stringLikeRegexp("^AuditsDataKey"), "Arn"] }] },
      }),
    }),
    Targets: [Match.objectLike({ Arn: topic, Input: Match.stringLikeRegexp("https://wiki.example/runbook#keyloss") })],
  });
  template.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Resource: topic }),
      ]),
    },
  });
});
