import { SQSClient } from "@aws-sdk/client-sqs";
import { asciiJson } from "../../core/events/ascii-json.ts";
import type { DeliveriesQueue } from "../../core/notifications/ports.ts";
import type { ResolutionsQueue } from "../../core/publishing/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { sendAll } from "./send-batches.ts";

/** A client that goes where it is configured to, not where a queue's URL points: the two differ on a local stack. */
export function openQueues(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, cacheMiddleware: true, requestHandler: awsHttp() });
}

/** Hears of each message that SQS refuses for good, by SQS's code. */
type OnRefused = (code: string) => void;
const ignore = () => undefined;

/** The owner's queue: the event's exact bytes, with what consumers filter by as message attributes. */
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

/** The queue of deliveries; its groups are the subscriptions, so that one with many does not hold up the others. */
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
