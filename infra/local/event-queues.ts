import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { operatorCredentials } from "./runner/operator-credentials.ts";

/** A queue that gets all events of a local tracker's topic or bus, as a consumer would make it. */
interface EventQueue {
  queueUrl: string;
}

/** Creates a queue and subscribes it to the topic. Its messages are the events' exact bytes. */
export async function queueOfTopic(endpoint: string, topicArn: string, name = "events-of-topic"): Promise<EventQueue> {
  const { queueUrl, queueArn } = await createQueue(endpoint, name);
  const sns = new SNSClient({ ...operatorCredentials, endpoint });
  const attributes = { RawMessageDelivery: "true" };
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: queueArn, Attributes: attributes }),
  );
  sns.destroy();
  return { queueUrl };
}

/** Creates a queue as the target of a rule for all events of the bus. Its messages have the events as `detail`. */
export async function queueOfBus(endpoint: string, busArn: string): Promise<EventQueue> {
  const { queueUrl, queueArn } = await createQueue(endpoint, "events-of-bus");
  const events = new EventBridgeClient({ ...operatorCredentials, endpoint });
  const rule = { Name: "all-audit-events", EventBusName: busArn };
  const pattern = JSON.stringify({ source: ["kard-audit-tracker"] });
  await events.send(new PutRuleCommand({ ...rule, EventPattern: pattern }));
  await events.send(
    new PutTargetsCommand({ Rule: rule.Name, EventBusName: busArn, Targets: [{ Id: "queue", Arn: queueArn }] }),
  );
  events.destroy();
  return { queueUrl };
}

async function createQueue(endpoint: string, QueueName: string): Promise<{ queueUrl: string; queueArn: string }> {
  const sqs = new SQSClient({ ...operatorCredentials, endpoint });
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  sqs.destroy();
  return { queueUrl: QueueUrl, queueArn: Attributes?.QueueArn ?? "" };
}
