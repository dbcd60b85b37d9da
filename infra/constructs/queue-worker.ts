import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import type { MessageQueue } from "./message-queue.ts";

interface QueueWorkerProps extends BundledFunctionProps {
  /** Queues by the names of their event sources, with their maximum concurrent batches. */
  queues: Record<string, { queue: MessageQueue; maxConcurrency: number }>;
}

/** A function that consumes queues in batches and reports each failed message separately. */
export class QueueWorker extends BundledFunction {
  constructor(scope: Construct, id: string, { queues, ...props }: QueueWorkerProps) {
    const consume = Object.values(queues).map(({ queue }) => queue.allowConsume());
    super(scope, id, { ...props, grants: [...props.grants, ...consume] });
    for (const [name, { queue, maxConcurrency }] of Object.entries(queues)) {
      new EventSourceMapping(this, name, {
        target: this.target,
        eventSourceArn: queue.queueArn,
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency,
      });
    }
    Validations.of(this).acknowledge({
      id: "Serverless::Serverless-LambdaEventSourceMappingDestination",
      reason: "Failed messages of a queue go to its dead-letter queue.",
    });
  }
}
