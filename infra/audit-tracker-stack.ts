import { CfnOutput, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { AuditTracker } from "./audit-tracker.ts";
import type { Config } from "./config.ts";

/** A tracker in a stack of its own, with the outputs that scripts rely on. */
export class AuditTrackerStack extends Stack {
  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id, {
      description: "Tracks Kard transaction audits until they are closed",
      terminationProtection: config.removalPolicy === "retain",
    });
    // A construct of this id leaves no trace in the logical ids of what it holds.
    const tracker = new AuditTracker(this, "Default", config);

    new CfnOutput(this, "ApiUrl", { value: tracker.apiUrl });
    if (tracker.domainTarget !== undefined) new CfnOutput(this, "DomainTarget", { value: tracker.domainTarget });
    new CfnOutput(this, "ConsoleUrl", { value: `${tracker.apiUrl}/console` });
    new CfnOutput(this, "ResolutionsQueueUrl", { value: tracker.resolutionsQueue.queueUrl });
    new CfnOutput(this, "DeliveriesQueueUrl", { value: tracker.deliveriesQueue.queueUrl });
    new CfnOutput(this, "TableName", { value: tracker.table.tableName });
    new CfnOutput(this, "KardSecretArn", { value: tracker.kardSecret.secretArn });
    new CfnOutput(this, "UrgentAlarmTopicArn", { value: tracker.alarmTopics.urgent.topicArn });
    new CfnOutput(this, "SoonAlarmTopicArn", { value: tracker.alarmTopics.soon.topicArn });
    if (tracker.egressAddresses !== undefined)
      new CfnOutput(this, "EgressAddresses", { value: tracker.egressAddresses.join(", ") });
    new CfnOutput(this, "KardUrl", { value: tracker.kardUrl });
    new CfnOutput(this, "KardTokenUrl", { value: tracker.kardTokenUrl });
  }
}
