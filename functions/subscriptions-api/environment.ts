import { z } from "zod";
import { tableEnvironment, webhookEnvironment } from "../adapters/environment.ts";

export const subscriptionsApiEnvironment = z.object({ ...tableEnvironment.shape, ...webhookEnvironment.shape });

export type SubscriptionsApiEnvironment = z.input<typeof subscriptionsApiEnvironment>;
