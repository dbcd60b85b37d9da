import { z } from "zod";
import {
  issuerLimitEnvironment,
  kardEnvironment,
  queueEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const kardWebhookEnvironment = z.object({
  ...tableEnvironment.shape,
  ...issuerLimitEnvironment.shape,
  ...queueEnvironment.shape,
  ...kardEnvironment.shape,
});

export type KardWebhookEnvironment = z.input<typeof kardWebhookEnvironment>;
