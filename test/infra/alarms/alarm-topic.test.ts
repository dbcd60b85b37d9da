import { expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const template = synthesize({ alarmEmail: "on-call@example.com" });

test("alarms of this account may publish to each topic, over TLS only", () => {
  const topics = resourcesOf(template, "AWS::SNS::Topic").map(([id]) => id);
  expect(topics).toHaveLength(3);
  for (const topic of topics) {
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [{ Ref: topic }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: { Ref: topic },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
  }
});

test("the alarm e-mail address is subscribed to all topics", () => {
  template.resourcePropertiesCountIs(
    "AWS::SNS::Subscription",
    { Protocol: "email", Endpoint: "on-call@example.com" },
    3,
  );
  synthesize().resourceCountIs("AWS::SNS::Subscription", 0);
});
