import { SQSClient } from "@aws-sdk/client-sqs";
import type * as z from "zod";
import { asciiJson } from "../../core/events/ascii-json.ts";
import type { DeliveriesQueue } from "../../core/notifications/ports.ts";
import type { ResolutionsQueue } from "../../core/publishing/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import type { queueEnvironment } from "../environment.ts";
import { sendAll } from "./send-batches.ts";

/** An SQS client that uses its configured endpoint, not the host of the queue URL. They differ on the local stack. */
export function openQueues(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, cacheMiddleware: true, requestHandler: awsHttp() });
}

/** Called for each message that SQS refuses permanently, with its error code. */
type OnRefused = (code: string) => void;
const ignore = () => undefined;

/** The owner's queue. A message is the event's exact bytes; attributes allow filtering. */
export function sqsResolutions(client: SQSClient, queueUrl: string, onRefused: OnRefused = ignore): ResolutionsQueue {
  const text = (value: string) => ({ DataType: "String", StringValue: value });
  return {
    async send({ audit, event }) {
      const code = audit.resolution?.resolutionCode;
      const [refusal] = await sendAll(client, queueUrl, [
        {
          MessageBody: event.body,
          MessageAttributes: {
            type: text(event.type),
            organizationId: text(audit.organizationId),
            ...(typeof code === "number" ? { resolutionCode: { DataType: "Number", StringValue: String(code) } } : {}),
          },
        },
      ]);
      if (refusal === undefined) return {};
      onRefused(refusal.code);
      return { refused: refusal.code };
    },
  };
}

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

/** Opens the queues that publishing uses. */
export function openPublishingQueues(environment: z.output<typeof queueEnvironment>, onRefused: OnRefused) {
  const client = openQueues();
  return {
    resolutions: sqsResolutions(client, environment.RESOLUTIONS_QUEUE_URL, onRefused),
    deliveries: sqsDeliveries(client, environment.DELIVERIES_QUEUE_URL, onRefused),
  };
}
