import { beforeAll, expect, test } from "@jest/globals";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { CfnOutput, Duration } from "aws-cdk-lib/core";
import type { LocalStack } from "../../../../../infra/local/runner/local-stack-type.ts";
import { synthesize } from "../support/assembly.ts";
import { operator, run, until } from "../support/running-stack.ts";

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => {
    const deadLetters = new Queue(stack, "DeadLetters");
    const visibilityTimeout = Duration.seconds(1);
    const queue = new Queue(stack, "Queue", {
      visibilityTimeout,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 1 },
    });
    for (const [name, value] of Object.entries({
      ...{ QueueUrl: queue.queueUrl, QueueArn: queue.queueArn },
      ...{ DeadLettersUrl: deadLetters.queueUrl, DeadLettersArn: deadLetters.queueArn },
    }))
      new CfnOutput(stack, name, { value });
  });
});

const sqs = (stack: LocalStack, action: string, input: object) =>
  operator(stack, `AmazonSQS.${action}`, input) as Promise<Record<string, unknown>>;

test("dead letters are moved back to their queue, with their attributes", async () => {
  const stack = await run(assemblyDir);
  const { QueueUrl, DeadLettersUrl, DeadLettersArn: SourceArn } = stack.outputs;
  const MessageAttributes = { organizationId: { DataType: "String", StringValue: "o" } };
  await sqs(stack, "SendMessage", { QueueUrl: DeadLettersUrl, MessageBody: "stuck", MessageAttributes });
  expect(await sqs(stack, "StartMessageMoveTask", { SourceArn })).toEqual({ TaskHandle: expect.any(String) });
  const results = async () => (await sqs(stack, "ListMessageMoveTasks", { SourceArn })).Results;
  await until("the move is over", async () => JSON.stringify(await results()).includes("COMPLETED"));
  expect(await results()).toMatchObject([{ Status: "COMPLETED", SourceArn, ApproximateNumberOfMessagesMoved: 1 }]);
  const back = await sqs(stack, "ReceiveMessage", { QueueUrl, MessageAttributeNames: ["All"] });
  expect(back.Messages).toMatchObject([{ Body: "stuck", MessageAttributes }]);
});

test("a queue that holds no dead letters is refused", async () => {
  const stack = await run(assemblyDir);
  const refused = sqs(stack, "StartMessageMoveTask", { SourceArn: stack.outputs.QueueArn });
  await expect(refused).rejects.toThrow("must be configured as a DLQ");
});
