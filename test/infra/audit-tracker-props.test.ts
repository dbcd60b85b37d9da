import { describe, expect, test } from "@jest/globals";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Vpc } from "aws-cdk-lib/aws-ec2";
import { AccountPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { AuditTracker } from "../../infra/audit-tracker.ts";
import type { AuditTrackerProps } from "../../infra/audit-tracker-props.ts";
import type { Config } from "../../infra/config.ts";
import { featureFlags } from "../../infra/feature-flags.ts";
import { resourcesOf } from "./synthesize.ts";

const kardTokenUrl = "https://issuer.example/oauth2/token";

// What must not compile: a value of the configuration that the construct has no property for.
type Covered =
  | keyof AuditTrackerProps
  | "stage"
  | "account"
  | "region"
  | "tags"
  | "webhookTargets"
  | "webhookDnsServers";
type Renamed =
  | ("logRetentionDays" | "auditRetentionDays" | "notificationRetentionDays" | "domainName" | "certificateArn")
  | ("egress" | "existingKey" | "webhookTlsSecret");
true satisfies [Exclude<keyof Config, Covered | Renamed>] extends [never] ? true : false;

function embedded(propsOf: (stack: Stack) => Partial<AuditTrackerProps>) {
  const stack = new Stack(new App({ context: { ...featureFlags, "aws:cdk:bundling-stacks": [] } }), "Ledger");
  const tracker = new AuditTracker(stack, "Audits", { kardTokenUrl, ...propsOf(stack) });
  return { stack, tracker, template: Template.fromStack(stack) };
}

test("durations, retention and removal policies are those of the CDK", () => {
  const { template } = embedded(() => ({
    auditRetention: Duration.days(400),
    logRetention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
  }));
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: Match.objectLike({ AUDIT_RETENTION_DAYS: "400" }) },
  });
  template.hasResourceProperties("AWS::Logs::LogGroup", { RetentionInDays: 14 });
  template.hasResource("AWS::DynamoDB::GlobalTable", { DeletionPolicy: "Delete" });
});

test("a URL, a role and a certificate of the same app are taken although they are not known yet", () => {
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

test("callers may have to present a certificate", () => {
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

describe("a table, a key and a secret that are there already", () => {
  const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef";
  const { template, tracker, stack } = embedded((scope) => ({
    existingTable: TableV2.fromTableName(scope, "T", "restored"),
    encryptionKey: Key.fromKeyArn(scope, "K", keyArn),
    existingSecret: Secret.fromSecretCompleteArn(
      scope,
      "S",
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:kard-AbCdEf",
    ),
  }));

  test("are used, and none is made", () => {
    for (const type of ["DynamoDB::GlobalTable", "KMS::Key", "SecretsManager::Secret"]) {
      template.resourceCountIs(`AWS::${type}`, 0);
    }
    expect(tracker.table.tableName).toBe("restored");
    template.allResourcesProperties("AWS::SQS::Queue", { KmsMasterKeyId: keyArn });
    const names = resourcesOf(template, "AWS::Lambda::Function").map(
      ([, { Environment }]) => (Environment as { Variables: { TABLE_NAME: string } }).Variables.TABLE_NAME,
    );
    expect(names).toEqual(Array(6).fill("restored"));
  });

  test("are what the functions may use", () => {
    const policies = JSON.stringify(template.findResources("AWS::IAM::Policy"));
    expect(policies).toContain(":table/restored");
    expect(policies).toContain(":table/restored/index/lanes");
    expect(policies).toContain(keyArn);
    expect(policies).toContain("secret:kard-AbCdEf");
    expect(stack.resolve(tracker.dataKey.keyArn)).toBe(keyArn);
  });
});

describe("an existing network", () => {
  const { template } = embedded((stack) => ({
    network: {
      vpc: Vpc.fromVpcAttributes(stack, "Vpc", {
        vpcId: "vpc-0123456789abcdef0",
        availabilityZones: ["a", "b"],
        privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      }),
    },
  }));

  test("has all functions, in its private subnets, with a security group that lets nobody in", () => {
    const placed = resourcesOf(template, "AWS::Lambda::Function").map(([, { VpcConfig }]) => VpcConfig);
    expect(placed).toEqual(
      Array(6).fill(expect.objectContaining({ SubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] })),
    );
    const [[, group] = ["", {}], ...others] = resourcesOf(template, "AWS::EC2::SecurityGroup");
    expect(others).toEqual([]);
    expect(group).not.toHaveProperty("SecurityGroupIngress");
    template.resourceCountIs("AWS::EC2::VPC", 0);
  });

  test("may be changed by Lambda and not by the functions' own code", () => {
    const statements = resourcesOf(template, "AWS::IAM::Policy").flatMap(
      ([, { PolicyDocument }]) =>
        (PolicyDocument as { Statement: { Effect: string; Action: string | string[]; Condition?: object }[] })
          .Statement,
    );
    const onInterfaces = statements.filter(({ Action }) => [Action].flat().includes("ec2:CreateNetworkInterface"));
    expect(onInterfaces.filter(({ Effect }) => Effect === "Allow")).toHaveLength(6);
    const denied = onInterfaces.filter(({ Effect }) => Effect === "Deny");
    expect(denied).toHaveLength(6);
    for (const { Condition } of denied) expect(Condition).toEqual({ Null: { "lambda:SourceFunctionArn": "false" } });
  });
});

test("addresses that receivers have allowed outlive the stack", () => {
  const { template } = embedded(() => ({ staticEgress: true }));
  template.allResources("AWS::EC2::EIP", { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
});

test("logs, environments and topics are encrypted with the key where everything is to be", () => {
  const { template } = embedded(() => ({ encryptAll: true }));
  const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^AuditsDataKey"), "Arn"] };
  template.allResourcesProperties("AWS::Logs::LogGroup", { KmsKeyId: key });
  template.allResourcesProperties("AWS::Lambda::Function", { KmsKeyArn: key });
  template.allResourcesProperties("AWS::SNS::Topic", { KmsMasterKeyId: key });
  const [[, { KeyPolicy }] = ["", {}]] = resourcesOf(template, "AWS::KMS::Key");
  const policy = JSON.stringify(KeyPolicy);
  expect(policy).toContain('"Service":["cloudwatch.amazonaws.com","events.amazonaws.com"]');
  expect(policy).toContain('"logs.');
  embedded(() => ({})).template.allResourcesProperties("AWS::Logs::LogGroup", { KmsKeyId: Match.absent() });
});

test("the metrics are those of the tracker", () => {
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

test("the outputs have the names by which the program finds a tracker", () => {
  const stack = new Stack(new App({ context: { "aws:cdk:bundling-stacks": [] } }), "Ledger");
  new AuditTracker(stack, "Audits", { kardTokenUrl }).addOutputs();
  const outputs = Object.keys(Template.fromStack(stack).findOutputs("*"));
  expect(outputs).toEqual(expect.arrayContaining(["ApiUrl", "TableName", "KardSecretArn", "KardUrl", "KardTokenUrl"]));
});

test("someone who disables the key or schedules its deletion sets off an urgent alarm", () => {
  const { template } = embedded(() => ({}));
  const topic = { Ref: Match.stringLikeRegexp("^AuditsAlarmsUrgentTopic") };
  template.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: Match.objectLike({
      detail: Match.objectLike({
        eventName: ["DisableKey", "ScheduleKeyDeletion"],
        resources: { ARN: [{ "Fn::GetAtt": [Match.stringLikeRegexp("^AuditsDataKey"), "Arn"] }] },
      }),
    }),
    Targets: [Match.objectLike({ Arn: topic })],
  });
  template.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Resource: topic }),
      ]),
    },
  });
});
