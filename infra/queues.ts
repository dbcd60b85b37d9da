import type { IPrincipal } from "aws-cdk-lib/aws-iam";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Config } from "./config/config.ts";
import { MessageQueue, type MessageQueueProps } from "./constructs/message-queue.ts";

/** The owner's queue of resolutions, and the queues of webhook deliveries, which share their dead letters. */
export function createQueues(
  scope: Construct,
  { resolutionsFifo: fifo, resolutionsConsumers }: Pick<Config, "resolutionsFifo" | "resolutionsConsumers">,
  consumers: readonly (string | IPrincipal)[] = resolutionsConsumers,
  given: Pick<MessageQueueProps, "key" | "removalPolicy">,
) {
  const queue = { ...given, visibilityTimeout: Duration.minutes(6) };
  // A queue cannot become a FIFO queue, so that has another logical id.
  const id = fifo ? "OrderedResolutions" : "Resolutions";
  const resolutions = new MessageQueue(scope, id, { ...queue, consumers, fifo });
  const deliveries = new MessageQueue(scope, "Deliveries", queue);
  const { deadLetters } = deliveries;
  const slowDeliveries = new MessageQueue(scope, "SlowDeliveries", { ...queue, deadLetters });
  return { resolutions, deliveries, slowDeliveries };
}
