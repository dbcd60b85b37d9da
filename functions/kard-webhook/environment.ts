import * as z from "zod";
import {
  followUpEnvironment,
  interactiveKardEnvironment,
  issuerLimitEnvironment,
  originEnvironment,
  publishEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const kardWebhookEnvironment = z.object({
  ...tableEnvironment.shape,
  ...originEnvironment.shape,
  ...issuerLimitEnvironment.shape,
  ...publishEnvironment.shape,
  ...followUpEnvironment.shape,
  ...interactiveKardEnvironment.shape,
});

export type KardWebhookEnvironment = z.input<typeof kardWebhookEnvironment>;
