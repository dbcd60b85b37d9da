import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from "@aws-sdk/client-sqs";
import { asciiJson } from "../core/ascii-json.ts";
import type { Delivery } from "../core/delivery.ts";
import type { DeliveriesQueue, ResolutionsQueue } from "../core/ports.ts";
import { awsHttp } from "./aws-http.ts";

const entriesPerBatch = 10;

/** A client that goes where it is configured to, not where a queue's URL points: the two differ on a local stack. */
export function openQueues(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, cacheMiddleware: true, requestHandler: awsHttp() });
}

type Entry = Omit<SendMessageBatchRequestEntry, "Id">;

/** SQS answers 200 to a batch of which some were not taken: those are sent once more, and then it is an error. */
async function sendAll(client: SQSClient, queueUrl: string, entries: readonly Entry[]): Promise<void> {
  for (let first = 0; first < entries.length; first += entriesPerBatch) {
    let batch = entries.slice(first, first + entriesPerBatch);
    for (let attempt = 1; batch.length > 0; attempt++) {
      const { Failed: failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map((entry, index) => ({ ...entry, Id: String(index) })),
        }),
      );
      if (failed.length > 0 && attempt === 2)
        throw new Error(`SQS did not take ${failed.length} messages: ${failed[0]?.Code}`);
      batch = failed.flatMap(({ Id: id }) => batch[Number(id)] ?? []);
    }
  }
}

/** The owner's queue: the event's exact bytes, with what consumers filter by as message attributes. */
export function sqsResolutions(client: SQSClient, queueUrl: string): ResolutionsQueue {
  const text = (value: string) => ({ DataType: "String", StringValue: value });
  return {
    async send({ audit, event }) {
      const code = audit.resolution?.resolutionCode;
      await sendAll(client, queueUrl, [
        {
          MessageBody: event.body,
          MessageAttributes: {
            type: text(event.type),
            organizationId: text(audit.organizationId),
            ...(typeof code === "number" ? { resolutionCode: { DataType: "Number", StringValue: String(code) } } : {}),
          },
        },
      ]);
    },
  };
}

/** The queue of deliveries; its groups are the subscriptions, so that one with many does not hold up the others. */
export function sqsDeliveries(client: SQSClient, queueUrl: string): DeliveriesQueue {
  return {
    async send(deliveries: readonly Delivery[], delaySeconds = 0) {
      const entries = deliveries.map((delivery) => ({
        MessageBody: asciiJson(delivery),
        MessageGroupId: delivery.subscriptionId,
        ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
      }));
      await sendAll(client, queueUrl, entries);
    },
  };
}
