import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "@jest/globals";
import { sqsDeliveries } from "../../../../functions/adapters/sqs/queues.ts";
import type { Delivery } from "../../../../functions/core/notifications/delivery.ts";

const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/queue";

/** A fake SQS that fails a message with this body the first `refusals` times. */
function fakeSqs(poison = "", refusals = 0) {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let left = refusals;
  const send = async (command: unknown) => {
    if (!(command instanceof SendMessageBatchCommand)) throw new Error("another command");
    const { Entries: entries = [], QueueUrl } = command.input;
    expect(QueueUrl).toBe(queueUrl);
    batches.push(entries);
    const failed = entries.filter(({ MessageBody }) => poison !== "" && MessageBody?.includes(poison) && left-- > 0);
    return { Failed: failed.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false })) };
  };
  return { client: { send } as unknown as SQSClient, batches };
}

function deliveriesTo(count: number): Delivery[] {
  return Array.from({ length: count }, (_, n) => ({
    organizationId: "org",
    auditId: "audit",
    sequence: 1,
    subscriptionId: `s-${n}.`,
    attemptCount: 0,
    eventId: "evt_1",
    eventName: "audit.closed",
    body: "{}",
  }));
}

test("deliveries are sent in batches of ten, each in its subscription's message group", async () => {
  const { client, batches } = fakeSqs();
  await sqsDeliveries(client, queueUrl).send(deliveriesTo(23));
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
  const sent = batches.flat().map(({ MessageBody = "" }) => JSON.parse(MessageBody) as Delivery);
  expect(sent).toEqual(deliveriesTo(23));
  expect(batches.flat().map(({ MessageGroupId }) => MessageGroupId)).toEqual(sent.map((d) => d.subscriptionId));
  for (const batch of batches) expect(new Set(batch.map(({ Id }) => Id)).size).toBe(batch.length);
});

test("a delay is passed on, and no delay is omitted", async () => {
  const { client, batches } = fakeSqs();
  await sqsDeliveries(client, queueUrl).send(deliveriesTo(1), 300);
  await sqsDeliveries(client, queueUrl).send(deliveriesTo(1));
  expect(batches.flat().map(({ DelaySeconds }) => DelaySeconds)).toEqual([300, undefined]);
});

test("sending nothing makes no call", async () => {
  const { client, batches } = fakeSqs();
  await sqsDeliveries(client, queueUrl).send([]);
  expect(batches).toEqual([]);
});

test("a message that failed within a 200 is sent once more, alone", async () => {
  const { client, batches } = fakeSqs("s-4.", 1);
  await sqsDeliveries(client, queueUrl).send(deliveriesTo(12));
  expect(batches.map((batch) => batch.length)).toEqual([10, 1, 2]);
  expect(batches[1]?.[0]?.MessageBody).toContain("s-4.");
});

test("a message that fails twice is an error", async () => {
  const { client } = fakeSqs("s-4.", 2);
  await expect(sqsDeliveries(client, queueUrl).send(deliveriesTo(5))).rejects.toThrow("InternalError");
});
