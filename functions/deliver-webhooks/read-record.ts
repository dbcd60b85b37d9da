import type { SQSRecord } from "aws-lambda";
import { type Delivery, delivery } from "../core/delivery.ts";
import type { DeliveryRoute } from "./deliver-webhook.ts";

/** What a message of a deliveries queue asks for, by which queue it came, and whether it has come before. */
export function readRecord(
  { body, eventSourceARN, attributes }: SQSRecord,
  slowQueueArn: string,
): { asked: Delivery; route: DeliveryRoute; cameBack: boolean } {
  return {
    asked: delivery.parse(JSON.parse(body)),
    route: eventSourceARN === slowQueueArn ? "slow" : "usual",
    cameBack: attributes.ApproximateReceiveCount !== "1",
  };
}
