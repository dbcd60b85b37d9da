import type { OwnerEvent } from "../../core/publishing/ports.ts";

const text = (value: string) => ({ DataType: "String", StringValue: value });

/** The attributes of a message, by which consumers of a queue and subscriptions of a topic can filter. */
export function messageAttributes({ event, organizationId, resolutionCode }: OwnerEvent) {
  return {
    type: text(event.type),
    organizationId: text(organizationId),
    ...(resolutionCode === undefined
      ? {}
      : { resolutionCode: { DataType: "Number", StringValue: String(resolutionCode) } }),
  };
}

/**
 * What a FIFO queue or topic requires: its group is the audit, so the events of an audit keep their order. A repeated
 * send within five minutes is dropped by AWS, because it has the same deduplication id.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 *
 * @param nameOrUrl of the queue or topic; those of FIFO ones end in `.fifo`
 */
export function fifoFields(nameOrUrl: string, { subjectId, event }: Pick<OwnerEvent, "subjectId" | "event">) {
  if (!nameOrUrl.endsWith(".fifo")) return {};
  return { MessageGroupId: subjectId, MessageDeduplicationId: event.id };
}
