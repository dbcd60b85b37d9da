import { expect, test } from "@jest/globals";
import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { CfnOutput, Duration } from "aws-cdk-lib/core";
import { traceOfInvocation } from "../../../../../infra/local/runner/lambda/recursion-detection.ts";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack-type.ts";
import { lambda, synthesize } from "../support/assembly.ts";
import { operator, run, until } from "../support/running-stack.ts";

/** Forwards each message to its own queue, up to twenty times, with the trace header as the AWS SDK sends it. */
const loop = `
export const handler = async ({ Records }) => {
  for (const { body } of Records) {
    console.log("hop " + body);
    if (Number(body) < 20) await aws("AmazonSQS.SendMessage", { QueueUrl: process.env.QUEUE_URL, MessageBody: String(Number(body) + 1) });
  }
};`;

async function looping(recursiveLoop?: RecursiveLoop): Promise<LocalStack> {
  const assemblyDir = synthesize((stack) => {
    const queue = new Queue(stack, "Queue", { visibilityTimeout: Duration.seconds(30) });
    const environment = { QUEUE_URL: queue.queueUrl };
    const fn = lambda(stack, "Loop", loop, { environment, ...(recursiveLoop && { recursiveLoop }) });
    fn.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
    queue.grantSendMessages(fn);
    new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
  });
  const stack = await run(assemblyDir);
  await operator(stack, "AmazonSQS.SendMessage", { QueueUrl: stack.outputs.QueueUrl, MessageBody: "1" });
  return stack;
}

const hops = (stack: LocalStack) => stack.logs.filter(({ line }) => line.startsWith("hop ")).length;

test("a function that sends to its own queue is stopped after 16 invocations", async () => {
  const stack = await looping();
  await until("the loop is stopped", () => stack.violations.length > 0);
  expect(hops(stack)).toBe(16);
  expect(stack.violations).toMatchObject([
    { kind: "recursive loop", message: expect.stringContaining("Lambda stops the chain after 16 invocations") },
  ]);
});

test("a function with RecursiveLoop: Allow is not stopped", async () => {
  const stack = await looping(RecursiveLoop.ALLOW);
  await until("the function has stopped by itself", () => hops(stack) === 20);
  expect(stack.violations).toEqual([]);
});

test("a chain counts each function separately; a batch counts its longest chain", () => {
  const passed = (arn: string, ...causes: (string | undefined)[]) => traceOfInvocation(arn, causes, false);
  let trace = passed("a");
  for (let hop = 2; hop <= 16; hop += 1) trace = passed("a", trace, undefined, passed("b"));
  expect(trace).not.toBe("recursive loop");
  expect(passed("b", trace)).not.toBe("recursive loop");
  expect(passed("a", undefined, trace)).toBe("recursive loop");
  expect(passed("a", "Root=1-1-1;Sampled=0")).toMatch(/;Lineage=[0-9a-f]{8}:1$/);
});
