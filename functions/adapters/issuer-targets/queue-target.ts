import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { OutgoingEvent, SendOutcome } from "../../core/notifications/ports.ts";
import { signedMessage } from "../../core/notifications/signed-message.ts";
import type { Clock } from "../../core/shared/ports.ts";
import type { AwsTarget } from "../../core/subscriptions/aws-target.ts";
import type { Subscription } from "../../core/subscriptions/subscription.ts";
import { awsAttempt } from "./aws-attempt.ts";

/** Sends an event to the queue or event bus of a subscription. */
export type SendToTarget = (
  target: AwsTarget,
  subscription: Subscription,
  event: OutgoingEvent,
) => Promise<SendOutcome>;

const text = (value: string) => ({ DataType: "String", StringValue: value });

/**
 * Sends events to queues. The message has the bytes of a webhook, and its headers as attributes. SQS accepts 1 MiB with
 * the attributes, of which there may be ten; an event has about 70 KB at most.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 *
 * In a FIFO queue, events about one audit keep their order. SQS drops an event that is sent twice in five minutes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export function sendToQueues(client: Pick<SQSClient, "send">, clock: Clock): SendToTarget {
  return (target, subscription, event) => {
    const at = clock();
    const { body, headers } = signedMessage(subscription, event, at);
    const attributes = Object.entries({ type: event.type, ...headers }).map(([name, value]) => [name, text(value)]);
    const message = new SendMessageCommand({
      QueueUrl: queueUrlOf(target),
      MessageBody: body,
      MessageAttributes: Object.fromEntries(attributes),
      ...(target.name.endsWith(".fifo") ? { MessageGroupId: event.subjectId, MessageDeduplicationId: event.id } : {}),
    });
    return awsAttempt(clock, at, async (options) => {
      const { $metadata } = await client.send(message, options);
      return { statusCode: $metadata.httpStatusCode };
    });
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
function queueUrlOf({ partition, region, account, name }: AwsTarget): string {
  const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://sqs.${region}.${domain}/${account}/${name}`;
}
