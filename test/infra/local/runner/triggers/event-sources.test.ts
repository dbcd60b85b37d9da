import { beforeAll, describe, expect, test } from "@jest/globals";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { CfnOutput, Duration } from "aws-cdk-lib/core";
import type { SQSEvent } from "aws-lambda";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack-type.ts";
import { succeededMessages } from "../../../../../infra/local/runner/triggers/sqs-records.ts";
import { lambda, synthesize } from "../support/assembly.ts";
import { operator, run, until } from "../support/running-stack.ts";

/** Logs its event. Fails messages "bad", and throws for "throw". */
const worker = `
export const handler = async (event) => {
  console.log(JSON.stringify(event));
  if (event.Records.some(({ body }) => body === "throw")) throw new Error("no");
  return { batchItemFailures: event.Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => {
    const deadLetters = new Queue(stack, "DeadLetters");
    const queue = new Queue(stack, "Queue", {
      visibilityTimeout: Duration.seconds(3),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 },
    });
    const fn = lambda(stack, "Worker", worker, { timeout: Duration.seconds(1) });
    fn.addAlias("live").addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true, maxConcurrency: 2 }));
    const slow = new Queue(stack, "WindowQueue");
    lambda(stack, "Windowed", worker).addEventSource(
      new SqsEventSource(slow, { batchSize: 3, maxBatchingWindow: Duration.seconds(20) }),
    );
    new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
    new CfnOutput(stack, "DeadLettersUrl", { value: deadLetters.queueUrl });
    new CfnOutput(stack, "WindowQueueUrl", { value: slow.queueUrl });
  });
});

const send = (stack: LocalStack, queue: string, body: string, more = {}) =>
  operator(stack, "AmazonSQS.SendMessage", { QueueUrl: stack.outputs[queue], MessageBody: body, ...more });
const events = (stack: LocalStack) =>
  stack.logs.filter(({ line }) => line.startsWith('{"Records"')).map(({ line }): SQSEvent => JSON.parse(line));
const left = async (stack: LocalStack, queue: string) => {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
  const input = { QueueUrl: stack.outputs[queue], AttributeNames: names };
  const { Attributes } = (await operator(stack, "AmazonSQS.GetQueueAttributes", input)) as {
    Attributes: Record<string, string>;
  };
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
};

test("a message is passed to the function as a record, then deleted", async () => {
  const stack = await run(assemblyDir);
  const MessageAttributes = { organizationId: { DataType: "String", StringValue: "o" } };
  await send(stack, "QueueUrl", "good", { MessageAttributes });
  await until("the function is invoked", () => events(stack).length === 1);
  expect(events(stack)[0]?.Records).toEqual([
    {
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: "good",
      attributes: expect.objectContaining({
        ApproximateReceiveCount: "1",
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
      }),
      messageAttributes: {
        organizationId: { stringValue: "o", stringListValues: [], binaryListValues: [], dataType: "String" },
      },
      md5OfBody: expect.any(String),
      md5OfMessageAttributes: expect.any(String),
      eventSource: "aws:sqs",
      eventSourceARN: expect.stringMatching(/^arn:aws:sqs:us-east-1:000000000000:Local-Queue/),
      awsRegion: "us-east-1",
    },
  ]);
  await until("the message is deleted", async () => (await left(stack, "QueueUrl")) === 0);
  expect(stack.calls.filter(({ caller }) => caller === "event source").map(({ action }) => action)).toContain(
    "DeleteMessageBatch",
  );
  expect(stack.violations).toEqual([]);
});

test("only failed messages of a batch return, and end in the dead-letter queue", async () => {
  const stack = await run(assemblyDir);
  const Entries = ["good", "bad", "fine"].map((MessageBody, i) => ({ Id: `${i}`, MessageBody }));
  await operator(stack, "AmazonSQS.SendMessageBatch", { QueueUrl: stack.outputs.QueueUrl, Entries });
  await until("the bad message is in the dead-letter queue", async () => (await left(stack, "DeadLettersUrl")) === 1);
  const bodies = events(stack).flatMap(({ Records }) => Records.map(({ body }) => body));
  expect(bodies.sort()).toEqual(["bad", "bad", "fine", "good"]);
  expect(await left(stack, "QueueUrl")).toBe(0);
});

test("a throwing function gets the whole batch again", async () => {
  const stack = await run(assemblyDir);
  await send(stack, "QueueUrl", "throw");
  await until("the function is invoked twice", () => events(stack).length === 2);
  expect(events(stack)[1]?.Records[0]?.attributes.ApproximateReceiveCount).toBe("2");
});

test("a batching window collects several receives", async () => {
  const stack = await run(assemblyDir);
  for (const body of ["1", "2", "3"]) await send(stack, "WindowQueueUrl", body);
  await until("the function is invoked", () => events(stack).length > 0);
  expect(events(stack).map(({ Records }) => Records.length)).toEqual([3]);
});

describe("succeededMessages", () => {
  const messages = ["a", "b"].map((MessageId) => ({
    ...{ MessageId, ReceiptHandle: MessageId, Body: "", MD5OfBody: "" },
    ...{ MD5OfMessageAttributes: undefined, Attributes: {}, MessageAttributes: {} },
  }));
  test.each([
    ["null", ["a", "b"]],
    ["{}", ["a", "b"]],
    ['{"batchItemFailures":null}', ["a", "b"]],
    ['{"batchItemFailures":[]}', ["a", "b"]],
    ['{"batchItemFailures":[{"itemIdentifier":"a"}]}', ["b"]],
    ['{"batchItemFailures":[{"itemIdentifier":"c"}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":null}]}', []],
    ['{"batchItemFailures":[{"messageId":"a"}]}', []],
    ['{"batchItemFailures":"a"}', []],
    ['"text"', []],
  ])("%s: %j", (payload, ids) => {
    expect(succeededMessages(messages, payload).map(({ MessageId }) => MessageId)).toEqual(ids);
  });
});
