import type { SQSClient } from "@aws-sdk/client-sqs";
import type { EventName } from "../../core/events/events.ts";
import type { OwnerTarget } from "../../core/publishing/ports.ts";
import { sendAll } from "../sqs/send-batches.ts";
import { fifoFields, messageAttributes } from "./message-attributes.ts";

export interface OwnerQueueOptions {
  eventNames?: readonly EventName[];
  /** Called with the code of SQS for an event that it refuses permanently. */
  onRefused?: (code: string) => void;
}

/** The owner's queue. A message is the event's exact bytes; attributes allow filtering. */
export function ownerQueue(
  client: SQSClient,
  queueUrl: string,
  { eventNames = ["audit.closed"], onRefused = () => undefined }: OwnerQueueOptions = {},
): OwnerTarget {
  return {
    name: "queue",
    eventNames,
    async send(owned) {
      const [refusal] = await sendAll(client, queueUrl, [
        { MessageBody: owned.event.body, MessageAttributes: messageAttributes(owned), ...fifoFields(queueUrl, owned) },
      ]);
      if (refusal === undefined) return {};
      onRefused(refusal.code);
      return { refused: refusal.code };
    },
  };
}
