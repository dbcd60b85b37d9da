import type { SendMessageBatchCommand, SendMessageBatchRequestEntry, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "@jest/globals";
import { ownerQueue } from "../../../../functions/adapters/owner-targets/owner-queue.ts";
import { closingOf } from "./closing.ts";

/** An SQS that accepts everything and keeps it. */
function fakeSqs() {
  const entries: SendMessageBatchRequestEntry[] = [];
  const send = async ({ input }: SendMessageBatchCommand) => {
    entries.push(...(input.Entries ?? []));
    return {};
  };
  return { client: { send } as unknown as SQSClient, entries };
}

test.each([5004, null])("a message is the event's exact bytes, with attributes for filters (code %p)", async (code) => {
  const { client, entries } = fakeSqs();
  const closing = closingOf(code);
  await ownerQueue(client, "https://sqs.eu-west-1.amazonaws.com/123456789012/queue").send(closing);
  expect(entries).toEqual([
    {
      Id: "0",
      MessageBody: closing.event.body,
      MessageAttributes: {
        type: { DataType: "String", StringValue: "audit.closed" },
        organizationId: { DataType: "String", StringValue: "org" },
        ...(code === null ? {} : { resolutionCode: { DataType: "Number", StringValue: "5004" } }),
      },
    },
  ]);
});

test("on a FIFO queue, the audit is the message group and the event's id removes duplicates", async () => {
  const { client, entries } = fakeSqs();
  const closing = closingOf(5004);
  await ownerQueue(client, "https://sqs.eu-west-1.amazonaws.com/123456789012/queue.fifo").send(closing);
  expect(entries).toMatchObject([{ MessageGroupId: closing.subjectId, MessageDeduplicationId: closing.event.id }]);
});
