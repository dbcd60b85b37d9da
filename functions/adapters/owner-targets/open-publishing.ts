import type * as z from "zod";
import type { OwnerTarget } from "../../core/publishing/ports.ts";
import type { publishEnvironment } from "../environment.ts";
import { openQueues, sqsDeliveries } from "../sqs/queues.ts";
import { ownerQueue } from "./owner-queue.ts";

/**
 * Opens what publishing sends to: the owner's queue, bus and topic, and the deliveries queue. `queues` is the client.
 *
 * @param onRefused called for each event that AWS refuses permanently, with its error code and the service
 */
export function openPublishing(
  environment: z.output<typeof publishEnvironment>,
  onRefused: (code: string, service: string) => void,
) {
  const queues = openQueues();
  const refusedBy = (service: string) => (code: string) => onRefused(code, service);
  const { RESOLUTIONS_QUEUE_URL: queueUrl, RESOLUTIONS_EVENTS: eventNames } = environment;
  const { EVENT_BUS_ARN: busArn, EVENT_TOPIC_ARN: topicArn } = environment;
  const ownerTargets = [ownerQueue(queues, queueUrl, { eventNames, onRefused: refusedBy("SQS") })];
  // Each client is a file of its own in the bundle, which is read only if there is such a target.
  if (busArn !== undefined) {
    const load = () => import("./owner-bus.ts");
    ownerTargets.push(target("bus", async () => (await load()).openOwnerBus(busArn, refusedBy("EventBridge"))));
  }
  if (topicArn !== undefined) {
    const load = () => import("./owner-topic.ts");
    ownerTargets.push(target("topic", async () => (await load()).openOwnerTopic(topicArn, refusedBy("SNS"))));
  }
  const deliveries = sqsDeliveries(queues, environment.DELIVERIES_QUEUE_URL, refusedBy("SQS"));
  return { ownerTargets, deliveries, queues };
}

/** A target for all events that is opened with the first one. */
function target(name: OwnerTarget["name"], open: () => Promise<OwnerTarget>): OwnerTarget {
  let opened: Promise<OwnerTarget> | undefined;
  return {
    name,
    async send(event) {
      opened ??= open();
      return (await opened).send(event);
    },
  };
}
