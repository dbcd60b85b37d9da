import * as z from "zod";
import { publishEnvironment, tableEnvironment, webhookEnvironment } from "../adapters/environment.ts";

export const deliverWebhooksEnvironment = z.object({
  ...tableEnvironment.shape,
  ...webhookEnvironment.shape,
  ...publishEnvironment.pick({ DELIVERIES_QUEUE_URL: true }).shape,
  SLOW_DELIVERIES_QUEUE_URL: z.url(),
  SLOW_DELIVERIES_QUEUE_ARN: z.string().min(1),
});

export type DeliverWebhooksEnvironment = z.input<typeof deliverWebhooksEnvironment>;
