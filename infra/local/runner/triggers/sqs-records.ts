import type { SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod";

const messageSchema = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string(),
  MD5OfMessageAttributes: z.string().optional(),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
    )
    .default({}),
});

export const receivedSchema = z.object({ Messages: z.array(messageSchema).default([]) });

export type Message = z.infer<typeof messageSchema>;

/**
 * Lambda's event for a batch. Source: AWS, using Lambda with Amazon SQS.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsEvent(messages: readonly Message[], eventSourceARN: string, awsRegion: string): SQSEvent {
  return {
    Records: messages.map((message): SQSRecord => {
      const { ApproximateReceiveCount = "1", SentTimestamp = "", SenderId = "", ...rest } = message.Attributes;
      return {
        messageId: message.MessageId,
        receiptHandle: message.ReceiptHandle,
        body: message.Body,
        attributes: {
          ApproximateFirstReceiveTimestamp: SentTimestamp,
          ...rest,
          ...{ ApproximateReceiveCount, SentTimestamp, SenderId },
        },
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
            name,
            {
              ...(StringValue === undefined ? {} : { stringValue: StringValue }),
              ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
              stringListValues: [],
              binaryListValues: [],
              dataType: DataType,
            },
          ]),
        ),
        md5OfBody: message.MD5OfBody,
        ...(message.MD5OfMessageAttributes === undefined
          ? {}
          : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
        eventSource: "aws:sqs",
        eventSourceARN,
        awsRegion,
      };
    }),
  };
}

const batchResponseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

/**
 * The messages that a function has processed, by its result (JSON). Source: AWS, reporting batch item failures. Without
 * reported failures, all messages have succeeded. If the result is malformed or names an unknown message, all have
 * failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function succeededMessages(messages: readonly Message[], payload: string): readonly Message[] {
  const parsed: unknown = JSON.parse(payload);
  if (parsed === null) return messages;
  const response = batchResponseSchema.safeParse(parsed).data;
  if (response === undefined) return [];
  const failed = new Set((response.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((id) => !known.has(id))) return [];
  return messages.filter(({ MessageId }) => !failed.has(MessageId));
}
