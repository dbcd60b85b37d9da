import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { credentialsOf } from "../../../../infra/local/runner/operator-credentials.ts";
import { putKeyPolicy } from "../../../infra/local/runner/support/key-policy.ts";

/** An account that the local stage lists for its issuer. */
const account = "111122223333";
const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:${account}:${name}`;

/** The policy that the documentation gives: it lets the tracker's roles send to a queue or bus. */
const policyFor = (roleArns: readonly string[], Action: string, Resource: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: roleArns }, Action, Resource }],
  });

/** Queues and event buses in an issuer's own account, as the issuer makes them. */
export function foreignAccount(endpoint: string, senders: readonly string[]) {
  const sqs = new SQSClient({ ...credentialsOf(account), endpoint, useQueueUrlAsEndpoint: false });
  const events = new EventBridgeClient({ ...credentialsOf(account), endpoint });

  const queue = async (QueueName: string) => {
    const fifo = QueueName.endsWith(".fifo") ? { Attributes: { FifoQueue: "true" } } : {};
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, ...fifo }));
    const messages: Message[] = [];
    return {
      arn: arnOf("sqs", QueueName),
      async allow() {
        const Policy = policyFor(senders, "sqs:SendMessage", arnOf("sqs", QueueName));
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
      },
      /** Encrypts the queue with a customer managed key, whose policy names nobody yet. */
      async encryptWith(key: string) {
        const KmsMasterKeyId = arnOf("kms", `key/${key}`);
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { KmsMasterKeyId } }));
      },
      /** All messages so far. */
      async received(): Promise<Message[]> {
        const all = { MaxNumberOfMessages: 10, MessageAttributeNames: ["All"], AttributeNames: ["All" as const] };
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...all }));
        for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        messages.push(...Messages);
        return messages;
      },
    };
  };

  return {
    queue,
    /** Adds the statement that the documentation gives to the policy of a key. */
    async allowKey(key: string) {
      const Condition = { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } };
      const Action = ["kms:GenerateDataKey", "kms:Decrypt"];
      const statement = { Effect: "Allow", Principal: { AWS: senders }, Action, Resource: "*", Condition };
      await putKeyPolicy(endpoint, account, key, [statement]);
    },
    /** A bus with a rule that sends all events to a queue. */
    async bus(Name: string) {
      const target = await queue(`of-${Name}`);
      await events.send(new CreateEventBusCommand({ Name }));
      const arn = arnOf("events", `event-bus/${Name}`);
      const Policy = policyFor(senders, "events:PutEvents", arn);
      await events.send(new PutPermissionCommand({ EventBusName: Name, Policy }));
      const EventPattern = JSON.stringify({ source: ["kard-audit-tracker"] });
      await events.send(new PutRuleCommand({ Name: "all", EventBusName: Name, EventPattern }));
      const Targets = [{ Id: "queue", Arn: target.arn }];
      await events.send(new PutTargetsCommand({ Rule: "all", EventBusName: Name, Targets }));
      return { arn, received: target.received };
    },
  };
}
