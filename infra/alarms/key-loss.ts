import { Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";

/**
 * Notifies a topic when someone disables a key or schedules its deletion: without the key, the table cannot be
 * decrypted. EventBridge receives such calls only if the account has a CloudTrail trail. The topic is not encrypted
 * with a customer managed key: SNS cannot publish to a topic whose key is disabled (`KMSDisabled`).
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 *
 * @param runbookUrl URL of the runbook, without a fragment.
 */
export function alarmOnKeyLoss(scope: Construct, key: IKey, runbookUrl: string): AlarmTopic {
  const topic = new AlarmTopic(scope, "KeyLossTopic", {
    key: undefined,
    displayName: "Kard audits: key loss, act now",
  });
  const rule = new Rule(scope, "KeyLoss", {
    description: "The key of the audit tracker is being disabled or deleted",
    eventPattern: {
      source: ["aws.kms"],
      detailType: ["AWS API Call via CloudTrail"],
      detail: {
        eventSource: ["kms.amazonaws.com"],
        eventName: ["DisableKey", "ScheduleKeyDeletion"],
        resources: { ARN: [key.keyArn] },
      },
    },
    targets: [
      new SnsTopic(topic, {
        message: RuleTargetInput.fromText(
          "The key of the audit tracker was disabled or its deletion was scheduled. All calls fail from now on, and " +
            `without the key all data is lost. How to undo it: ${runbookUrl}#keyloss`,
        ),
      }),
    ],
  });
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
  Validations.of(rule).acknowledge({
    id: "Serverless::Serverless-EventBusDLQ",
    reason: "EventBridge retries for 24 hours. A message in a dead-letter queue would notify nobody.",
  });
  return topic;
}
