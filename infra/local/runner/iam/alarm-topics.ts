import * as z from "zod";
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
const ruleSchema = z.object({ Targets: z.array(z.object({ Arn: z.string() })).default([]) });
const topicPolicySchema = z.object({ Topics: z.array(z.string()), PolicyDocument: z.unknown() });

/**
 * Checks that CloudWatch may publish to the topics of all alarms, and EventBridge to those of all rules. SNS's default
 * policy lets the account's alarms publish, but not EventBridge; a topic policy replaces that default.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 *
 * @throws StartUpError for an alarm or a rule that cannot publish to its topic.
 */
export function checkAlarmTopics(stack: StackResources): void {
  const policies = stack.ofType("AWS::SNS::TopicPolicy", topicPolicySchema).map(({ id, properties }) => ({
    topics: properties.Topics,
    statements: parsePolicy(properties.PolicyDocument, id),
  }));

  const check = (service: string, hasDefault: boolean, id: string, arn: string, topics: readonly string[]) => {
    const context = {
      "aws:SecureTransport": "true",
      "aws:SourceAccount": stack.place.account,
      "aws:SourceArn": arn,
    };
    for (const resource of topics) {
      const ofTopic = policies.filter((policy) => policy.topics.includes(resource));
      if (ofTopic.length === 0 && hasDefault) continue;
      const statements = ofTopic
        .flatMap((policy) => policy.statements)
        .filter(
          ({ awsPrincipals, servicePrincipals }) => awsPrincipals.includes("*") || servicePrincipals.includes(service),
        );
      if (decide(statements, { action: "sns:Publish", resource, context }) === "allow") continue;
      throw new StartUpError(`${id}: the policy of ${resource} does not let ${service} publish`);
    }
  };

  for (const { id, arn, properties } of stack.ofType(alarmTypes, alarmSchema))
    check("cloudwatch.amazonaws.com", true, id, arn, Object.values(properties).flat());
  for (const { id, arn, properties } of stack.ofType("AWS::Events::Rule", ruleSchema)) {
    const topics = properties.Targets.map((target) => target.Arn).filter((target) => target.split(":")[2] === "sns");
    check("events.amazonaws.com", false, id, arn, topics);
  }
}
