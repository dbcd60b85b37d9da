import { randomUUID } from "node:crypto";
import * as z from "zod";
import { callAws } from "../protocol/aws-client.ts";
import { type AwsRequest, type AwsResponse, errorResponse, jsonResponse } from "../protocol/aws-request.ts";
import type { Place } from "../template/resource-kinds.ts";
import type { Emulator } from "./emulator.ts";
import { type Queue, queueUrl } from "./queues.ts";

interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly startedAt: number;
  status: "RUNNING" | "COMPLETED" | "FAILED";
  moved: number;
}

const received = z.object({
  Messages: z
    .array(
      z.object({
        Body: z.string(),
        ReceiptHandle: z.string(),
        Attributes: z
          .object({
            DeadLetterQueueSourceArn: z.string().optional(),
            MessageGroupId: z.string().optional(),
            MessageDeduplicationId: z.string().optional(),
          })
          .default({}),
        MessageAttributes: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
});

/**
 * Moves messages of dead-letter queues back to where they came from, or to a given queue. The maximum rate is not
 * modelled. Without a `DeadLetterQueueSourceArn`, a message goes to the first queue with these dead letters.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 *
 * @returns answers the calls about such moves, and undefined for other calls
 */
export function createMessageMoves(queues: readonly Queue[], place: Place, sqs: Emulator) {
  const tasks: MoveTask[] = [];
  const call = (action: string, arn: string, input: object) => {
    const name = queues.find((queue) => queue.arn === arn)?.name ?? "";
    return callAws(sqs.send, `AmazonSQS.${action}`, { QueueUrl: queueUrl(name, place), ...input });
  };

  async function move(task: MoveTask, destination: (sourceArn: string | undefined) => string): Promise<void> {
    for (;;) {
      const input = { MaxNumberOfMessages: 10, AttributeNames: ["All"], MessageAttributeNames: ["All"] };
      const { Messages } = received.parse(await call("ReceiveMessage", task.sourceArn, input));
      if (Messages.length === 0) return;
      for (const { Body: MessageBody, ReceiptHandle, Attributes, MessageAttributes } of Messages) {
        const target = destination(Attributes.DeadLetterQueueSourceArn);
        const { MessageGroupId, MessageDeduplicationId } = Attributes;
        const order = target.endsWith(".fifo") ? { MessageGroupId, MessageDeduplicationId } : {};
        await call("SendMessage", target, { MessageBody, MessageAttributes, ...order });
        await call("DeleteMessage", task.sourceArn, { ReceiptHandle });
        task.moved += 1;
      }
    }
  }

  function start(sourceArn: string, destinationArn: string | undefined): AwsResponse {
    const sources = queues.filter(({ properties }) => properties.RedrivePolicy?.deadLetterTargetArn === sourceArn);
    const [first] = sources;
    if (first === undefined)
      return errorResponse("com.amazonaws.sqs#InvalidParameterValue", "Source queue must be configured as a DLQ.");
    const task: MoveTask = { handle: randomUUID(), sourceArn, startedAt: Date.now(), status: "RUNNING", moved: 0 };
    tasks.unshift(task);
    move(task, (cameFrom) => destinationArn ?? cameFrom ?? first.arn).then(
      () => Object.assign(task, { status: "COMPLETED" }),
      () => Object.assign(task, { status: "FAILED" }),
    );
    return jsonResponse({ TaskHandle: task.handle });
  }

  return ({ action, input }: AwsRequest): AwsResponse | undefined => {
    const sourceArn = String(input.SourceArn);
    if (action === "StartMessageMoveTask")
      return start(sourceArn, input.DestinationArn === undefined ? undefined : String(input.DestinationArn));
    if (action !== "ListMessageMoveTasks") return undefined;
    const shown = tasks.filter((task) => task.sourceArn === sourceArn).slice(0, Number(input.MaxResults ?? 1));
    return jsonResponse({
      Results: shown.map(({ handle, status, moved, startedAt }) => ({
        ...{ Status: status, SourceArn: sourceArn, StartedTimestamp: startedAt },
        ...{ ApproximateNumberOfMessagesMoved: moved, ...(status === "RUNNING" && { TaskHandle: handle }) },
      })),
    });
  };
}
