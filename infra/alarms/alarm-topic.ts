import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

interface AlarmTopicProps {
  displayName: string;
  key: IKey | undefined;
}

/** A topic to which this account's alarms may publish, over TLS only. With `key`, they may also use the key. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    const { displayName, key } = props;
    super(scope, id, { displayName, enforceSSL: true, ...(key && { masterKey: key }) });
    // The policy that enforces TLS replaces the topic's default policy, which lets CloudWatch publish. `SnsAction` adds
    // no policy. https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    // https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    key?.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
  }
}
