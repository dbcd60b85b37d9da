import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import type { MessageQueue } from "./message-queue.ts";

interface QueueWorkerProps extends BundledFunctionProps {
  queue: MessageQueue;
  /** How many batches are worked on at once. */
  maxConcurrency: number;
}

/** A function that works through a queue in batches and reports each message that failed by itself. */
export class QueueWorker extends BundledFunction {
  constructor(scope: Construct, id: string, { queue, maxConcurrency, ...props }: QueueWorkerProps) {
    super(scope, id, { ...props, grants: [...props.grants, queue.allowConsume()] });
    new EventSourceMapping(this, "Messages", {
      target: this,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
    Validations.of(this).acknowledge({
      id: "Serverless::Serverless-LambdaEventSourceMappingDestination",
      reason: "Of a queue, what fails goes to the queue's own dead letters.",
    });
  }
}
