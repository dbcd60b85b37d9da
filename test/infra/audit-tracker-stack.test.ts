import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "./support/synthesize.ts";

const template = synthesize();

test("has six functions, one table, three queues, two dead-letter queues, one secret and one API", () => {
  template.resourceCountIs("AWS::Lambda::Function", 6);
  template.resourceCountIs("AWS::DynamoDB::GlobalTable", 1);
  template.resourceCountIs("AWS::SQS::Queue", 5);
  template.resourceCountIs("AWS::SecretsManager::Secret", 1);
  template.resourceCountIs("AWS::ApiGatewayV2::Api", 1);
  template.resourceCountIs("AWS::KMS::Key", 1);
});

test("has the outputs that scripts read", () => {
  const outputs = [
    ...["AccessLogGroup", "ApiUrl", "AuditsApiFunction", "ConsoleUrl", "DashboardUrl", "DataKeyArn"],
    ...["DeliverWebhooksFunction", "DeliveriesDeadLettersArn", "DeliveriesDeadLettersUrl"],
    ...["DeliveriesQueueArn", "DeliveriesQueueUrl"],
    ...[
      "FunctionLogGroups",
      "KardSecretArn",
      "KardTokenRequest",
      "KardTokenUrl",
      "KardUrl",
      "KardWebhookFunction",
      "KeyLossTopicArn",
      "PollAuditsFunction",
    ],
    ...["ResolutionsDeadLettersArn", "ResolutionsDeadLettersUrl", "ResolutionsQueueArn", "ResolutionsQueueUrl"],
    ...[
      "SlowDeliveriesQueueArn",
      "SlowDeliveriesQueueUrl",
      "SoonAlarmTopicArn",
      "SubscriptionsApiFunction",
      "SweepOutboxFunction",
    ],
    ...["TableArn", "TableName", "UrgentAlarmTopicArn"],
  ];
  expect(Object.keys(template.findOutputs("*")).sort()).toEqual(outputs);
});

test("is independent of account and region", () => {
  expect(JSON.stringify(template.toJSON())).not.toMatch(/arn:aws:|us-east-1/);
});

test("retention is off by default; if set, all functions get it", () => {
  const given = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::Lambda::Function").map(([, { Environment }]) => {
      const { AUDIT_RETENTION_DAYS, NOTIFICATION_RETENTION_DAYS } = (
        Environment as { Variables: Record<string, string> }
      ).Variables;
      return [AUDIT_RETENTION_DAYS, NOTIFICATION_RETENTION_DAYS];
    });
  expect(new Set(given({}).flat())).toEqual(new Set([undefined]));
  expect(given({ auditRetentionDays: "400", notificationRetentionDays: 90 })).toEqual(Array(6).fill(["400", "90"]));
});
