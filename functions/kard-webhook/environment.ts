import { z } from "zod";
import {
  issuerLimitEnvironment,
  kardEnvironment,
  originEnvironment,
  queueEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const kardWebhookEnvironment = z.object({
  ...tableEnvironment.shape,
  ...originEnvironment.shape,
  ...issuerLimitEnvironment.shape,
  ...queueEnvironment.shape,
  ...kardEnvironment.shape,
});

export type KardWebhookEnvironment = z.input<typeof kardWebhookEnvironment>;
