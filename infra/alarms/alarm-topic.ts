import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** A topic that alarms of this account may publish to, over TLS only. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { displayName }: { displayName: string }) {
    super(scope, id, { displayName, enforceSSL: true });
    // The policy that enforces TLS replaces the topic's default policy, which lets CloudWatch publish; `SnsAction` adds none.
    // https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
  }
}
