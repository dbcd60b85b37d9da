import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import type { MessageQueue } from "./message-queue.ts";

interface QueueWorkerProps extends BundledFunctionProps {
  /** By the names of their event sources, and how many batches of each are worked on at once. */
  queues: Record<string, { queue: MessageQueue; maxConcurrency: number }>;
}

/** A function that works through queues in batches and reports each message that failed by itself. */
export class QueueWorker extends BundledFunction {
  constructor(scope: Construct, id: string, { queues, ...props }: QueueWorkerProps) {
    const consume = Object.values(queues).map(({ queue }) => queue.allowConsume());
    super(scope, id, { ...props, grants: [...props.grants, ...consume] });
    for (const [name, { queue, maxConcurrency }] of Object.entries(queues)) {
      new EventSourceMapping(this, name, {
        target: this,
        eventSourceArn: queue.queueArn,
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency,
      });
    }
    Validations.of(this).acknowledge({
      id: "Serverless::Serverless-LambdaEventSourceMappingDestination",
      reason: "Of a queue, what fails goes to the queue's own dead letters.",
    });
  }
}
