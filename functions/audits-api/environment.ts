import * as z from "zod";
import {
  callersEnvironment,
  followUpEnvironment,
  interactiveKardEnvironment,
  originEnvironment,
  pollPlanEnvironment,
  publishEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const auditsApiEnvironment = z.object({
  ...tableEnvironment.shape,
  ...originEnvironment.shape,
  ...callersEnvironment.shape,
  ...publishEnvironment.shape,
  ...followUpEnvironment.shape,
  ...interactiveKardEnvironment.shape,
  ...pollPlanEnvironment.shape,
  /** How long an identical create without an Idempotency-Key counts as a duplicate. */
  DUPLICATE_WINDOW_SECONDS: z.coerce.number().int().min(0),
});

export type AuditsApiEnvironment = z.input<typeof auditsApiEnvironment>;
