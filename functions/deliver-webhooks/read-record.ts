import { type Delivery, delivery } from "../core/notifications/delivery.ts";
import type { DeliverySource } from "./decide-delivery.ts";

/** Of a record of SQS, what is read of it. */
interface ReceivedMessage {
  body: string;
  eventSourceARN: string;
  attributes: { ApproximateReceiveCount: string };
}

/** A delivery that a message asks for, and how the message came. */
export interface ReceivedDelivery extends DeliverySource {
  delivery: Delivery;
}

/** What a message of a deliveries queue asks for. */
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

/** Whether an attempt at this delivery may have ended the process that made it. */
export function isSuspect({ redelivered, delivery }: ReceivedDelivery): boolean {
  return redelivered || delivery.interrupted === true;
}
