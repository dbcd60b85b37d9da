import * as z from "zod";
import type { AwsRequest, AwsResponse } from "../protocol/aws-request.ts";

/**
 * Trace headers of messages. SQS stores them as the attribute `AWSTraceHeader`; fauxqs does not.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export interface MessageTraces {
  /** Stores the trace header of a call that sent messages. */
  note(request: AwsRequest, response: AwsResponse): void;
  of(messageId: string): string | undefined;
}

/** The oldest above this number are dropped. A restart drops all. */
const keptMessages = 10_000;

const sent = z.object({ MessageId: z.string() });
const sentBatch = z.object({ Successful: z.array(sent).default([]) });

export function createMessageTraces(): MessageTraces {
  const traces = new Map<string, string>();
  return {
    note({ action, input, traceHeader }, response) {
      if (traceHeader === undefined || response.status >= 300) return;
      if (action !== "SendMessage" && action !== "SendMessageBatch") return;
      if (input.MessageSystemAttributes !== undefined) return;
      const parsed: unknown = JSON.parse(response.body.toString("utf8"));
      const messages = action === "SendMessage" ? [sent.parse(parsed)] : sentBatch.parse(parsed).Successful;
      for (const { MessageId } of messages) traces.set(MessageId, traceHeader);
      for (const oldest of traces.keys()) {
        if (traces.size <= keptMessages) break;
        traces.delete(oldest);
      }
    },
    of: (messageId) => traces.get(messageId),
  };
}
