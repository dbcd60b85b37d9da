import { SQSClient } from "@aws-sdk/client-sqs";
import { asciiJson } from "../../core/events/ascii-json.ts";
import type { DeliveriesQueue } from "../../core/notifications/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { sendAll } from "./send-batches.ts";

/** An SQS client that uses its configured endpoint, not the host of the queue URL. They differ on the local stack. */
export function openQueues(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, cacheMiddleware: true, requestHandler: awsHttp() });
}

/** Called for each message that SQS refuses permanently, with its error code. */
type OnRefused = (code: string) => void;
const ignore = () => undefined;

/** The deliveries queue. Message groups are subscriptions, so a busy one does not delay the others. */
export function sqsDeliveries(client: SQSClient, queueUrl: string, onRefused: OnRefused = ignore): DeliveriesQueue {
  return {
    async send(deliveries, delaySeconds = 0) {
      const entries = deliveries.map((delivery) => ({
        MessageBody: asciiJson(delivery),
        MessageGroupId: delivery.subscriptionId,
        ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
      }));
      const refusals = await sendAll(client, queueUrl, entries);
      for (const { code } of refusals) onRefused(code);
      return refusals;
    },
  };
}
