import { type Delivery, delivery } from "../core/delivery.ts";
import type { DeliveryWay } from "./deliver-webhook.ts";

/** Of a record of SQS, what is read of it. */
interface ReceivedMessage {
  body: string;
  eventSourceARN: string;
  attributes: { ApproximateReceiveCount: string };
}

/** What a message of a deliveries queue asks for, by which queue it came, and whether it has come before. */
export function readRecord(
  { body, eventSourceARN, attributes }: ReceivedMessage,
  slowQueueArn: string,
): DeliveryWay & { asked: Delivery } {
  return {
    asked: delivery.parse(JSON.parse(body)),
    route: eventSourceARN === slowQueueArn ? "slow" : "usual",
    cameBack: attributes.ApproximateReceiveCount !== "1",
  };
}
