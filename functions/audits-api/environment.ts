import { z } from "zod";
import {
  callersEnvironment,
  interactiveKardEnvironment,
  originEnvironment,
  pollPlanEnvironment,
  queueEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const auditsApiEnvironment = z.object({
  ...tableEnvironment.shape,
  ...originEnvironment.shape,
  ...callersEnvironment.shape,
  ...queueEnvironment.shape,
  ...interactiveKardEnvironment.shape,
  ...pollPlanEnvironment.shape,
});

export type AuditsApiEnvironment = z.input<typeof auditsApiEnvironment>;
