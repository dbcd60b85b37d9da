import * as z from "zod";
import {
  interactiveKardEnvironment,
  issuerLimitEnvironment,
  originEnvironment,
  queueEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const kardWebhookEnvironment = z.object({
  ...tableEnvironment.shape,
  ...originEnvironment.shape,
  ...issuerLimitEnvironment.shape,
  ...queueEnvironment.shape,
  ...interactiveKardEnvironment.shape,
});

export type KardWebhookEnvironment = z.input<typeof kardWebhookEnvironment>;
