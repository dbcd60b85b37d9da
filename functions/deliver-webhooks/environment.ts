import { z } from "zod";
import { queueEnvironment, tableEnvironment, webhookEnvironment } from "../adapters/environment.ts";

export const deliverWebhooksEnvironment = z.object({
  ...tableEnvironment.shape,
  ...webhookEnvironment.shape,
  ...queueEnvironment.pick({ DELIVERIES_QUEUE_URL: true }).shape,
});

export type DeliverWebhooksEnvironment = z.input<typeof deliverWebhooksEnvironment>;
