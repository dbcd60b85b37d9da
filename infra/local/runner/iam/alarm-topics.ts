import { z } from "zod";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";
import { decide, parsePolicy } from "./policy.ts";

const topicArns = z.array(z.string()).default([]);
const alarmSchema = z.object({
  AlarmActions: topicArns,
  OKActions: topicArns,
  InsufficientDataActions: topicArns,
});
const alarmTypes = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"];
const topicPolicySchema = z.object({ Topics: z.array(z.string()), PolicyDocument: z.unknown() });

/**
 * Checks that CloudWatch may publish to the topics of all alarms. SNS's default policy lets the account's alarms
 * publish; a topic policy replaces that default.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 *
 * @throws StartUpError for an alarm that cannot publish to its topic.
 */
export function checkAlarmTopics(stack: StackResources): void {
  const policies = stack.ofType("AWS::SNS::TopicPolicy", topicPolicySchema).map(({ id, properties }) => ({
    topics: properties.Topics,
    statements: parsePolicy(properties.PolicyDocument, id).filter(
      ({ awsPrincipals, servicePrincipals }) =>
        awsPrincipals.includes("*") || servicePrincipals.includes("cloudwatch.amazonaws.com"),
    ),
  }));

  for (const { id, arn, properties } of stack.ofType(alarmTypes, alarmSchema)) {
    const context = {
      "aws:SecureTransport": "true",
      "aws:SourceAccount": stack.place.account,
      "aws:SourceArn": arn,
    };
    for (const resource of Object.values(properties).flat()) {
      const ofTopic = policies.filter(({ topics }) => topics.includes(resource));
      if (ofTopic.length === 0) continue;
      const statements = ofTopic.flatMap((policy) => policy.statements);
      if (decide(statements, { action: "sns:Publish", resource, context }) === "allow") continue;
      throw new StartUpError(`${id}: the policy of ${resource} does not let cloudwatch.amazonaws.com publish`);
    }
  }
}
