import * as z from "zod";
import {
  contactsEnvironment,
  publishEnvironment,
  tableEnvironment,
  webhookEnvironment,
} from "../adapters/environment.ts";

export const deliverWebhooksEnvironment = z.object({
  ...tableEnvironment.shape,
  ...webhookEnvironment.shape,
  ...publishEnvironment.shape,
  ...contactsEnvironment.shape,
  SLOW_DELIVERIES_QUEUE_URL: z.url(),
  SLOW_DELIVERIES_QUEUE_ARN: z.string().min(1),
});

export type DeliverWebhooksEnvironment = z.input<typeof deliverWebhooksEnvironment>;
