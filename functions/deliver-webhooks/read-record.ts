import { type Delivery, delivery } from "../core/notifications/delivery.ts";
import type { DeliverySource } from "./decide-delivery.ts";

/** The used fields of an SQS record. */
interface ReceivedMessage {
  body: string;
  eventSourceARN: string;
  attributes: { ApproximateReceiveCount: string };
}

/** A delivery from a message, and how the message arrived. */
export interface ReceivedDelivery extends DeliverySource {
  delivery: Delivery;
}

/** Parses a message of a deliveries queue. */
export function readRecord(
  { body, eventSourceARN, attributes }: ReceivedMessage,
  slowQueueArn: string,
): ReceivedDelivery {
  return {
    delivery: delivery.parse(JSON.parse(body)),
    route: eventSourceARN === slowQueueArn ? "slow" : "standard",
    redelivered: attributes.ApproximateReceiveCount !== "1",
  };
}

/** Whether an earlier attempt may have crashed its process. */
export function isSuspect({ redelivered, delivery }: ReceivedDelivery): boolean {
  return redelivered || delivery.interrupted === true;
}
