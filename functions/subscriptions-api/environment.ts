import * as z from "zod";
import {
  callersEnvironment,
  originEnvironment,
  publishEnvironment,
  tableEnvironment,
  webhookEnvironment,
} from "../adapters/environment.ts";

export const subscriptionsApiEnvironment = z.object({
  ...tableEnvironment.shape,
  ...originEnvironment.shape,
  ...callersEnvironment.shape,
  ...webhookEnvironment.shape,
  ...publishEnvironment.pick({ DELIVERIES_QUEUE_URL: true }).shape,
});

export type SubscriptionsApiEnvironment = z.input<typeof subscriptionsApiEnvironment>;
