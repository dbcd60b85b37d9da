import { CfnOutput, Fn } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Tracker } from "./tracker.ts";

/** Adds a tracker's outputs to a stack, under the names that `kard-audits`, the runbook and consumers rely on. */
export function addTrackerOutputs(scope: Construct, tracker: Tracker): void {
  const { functions } = tracker;
  const outputs: Record<string, string | undefined> = {
    ApiUrl: tracker.apiUrl,
    DomainTarget: tracker.domainTarget,
    ConsoleUrl: `${tracker.apiUrl}/console`,
    DashboardUrl: tracker.dashboardUrl,
    ResolutionsQueueUrl: tracker.resolutionsQueue.queueUrl,
    ResolutionsQueueArn: tracker.resolutionsQueue.queueArn,
    ResolutionsDeadLettersUrl: tracker.resolutionsDeadLetterQueue.queueUrl,
    ResolutionsDeadLettersArn: tracker.resolutionsDeadLetterQueue.queueArn,
    EventBusArn: tracker.eventBus?.eventBusArn,
    EventTopicArn: tracker.eventTopic?.topicArn,
    // JSON: the ARN of each issuer's topic.
    ContactTopicArns: contactTopicArns(tracker),
    DeliveriesQueueUrl: tracker.deliveriesQueue.queueUrl,
    DeliveriesQueueArn: tracker.deliveriesQueue.queueArn,
    SlowDeliveriesQueueUrl: tracker.slowDeliveriesQueue.queueUrl,
    SlowDeliveriesQueueArn: tracker.slowDeliveriesQueue.queueArn,
    DeliveriesDeadLettersUrl: tracker.deliveriesDeadLetterQueue.queueUrl,
    DeliveriesDeadLettersArn: tracker.deliveriesDeadLetterQueue.queueArn,
    TableName: tracker.table.tableName,
    TableArn: tracker.table.tableArn,
    DataKeyArn: tracker.dataKey.keyArn,
    KardSecretArn: tracker.kardSecret.secretArn,
    CanaryKeySecretArn: tracker.canary?.apiKeySecret.secretArn,
    UrgentAlarmTopicArn: tracker.alarmTopics.urgent.topicArn,
    KeyLossTopicArn: tracker.keyLossTopic.topicArn,
    SoonAlarmTopicArn: tracker.alarmTopics.soon.topicArn,
    AuditsApiFunction: functions.auditsApi.functionName,
    SubscriptionsApiFunction: functions.subscriptionsApi.functionName,
    KardWebhookFunction: functions.kardWebhook.functionName,
    PollAuditsFunction: functions.pollAudits.functionName,
    SweepOutboxFunction: functions.sweepOutbox.functionName,
    DeliverWebhooksFunction: functions.deliverWebhooks.functionName,
    // The principals of policies of issuers' queues and buses.
    TargetSenderRoleArns: tracker.targetSenders?.map(({ roleArn }) => roleArn).join(" "),
    // Separated by spaces, as `aws logs start-query --log-group-names` expects.
    FunctionLogGroups: Fn.join(
      " ",
      [...Object.values(functions), ...(tracker.canary ? [tracker.canary] : [])].map(
        ({ logGroup }) => logGroup.logGroupName,
      ),
    ),
    AccessLogGroup: tracker.accessLogGroup.logGroupName,
    EgressAddresses: tracker.egressAddresses?.join(", "),
    KardUrl: tracker.kardUrl,
    KardTokenUrl: tracker.kardTokenUrl,
    KardTokenRequest: tracker.kardTokenRequest,
  };
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== undefined) new CfnOutput(scope, name, { value });
  }
}

function contactTopicArns({ contactTopics }: Tracker): string | undefined {
  const arns = Object.entries(contactTopics).map(([organizationId, { topicArn }]) => [organizationId, topicArn]);
  return arns.length === 0 ? undefined : JSON.stringify(Object.fromEntries(arns));
}
