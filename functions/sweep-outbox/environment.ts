import * as z from "zod";
import {
  contactsEnvironment,
  pollPlanEnvironment,
  publishEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const sweepOutboxEnvironment = z.object({
  ...tableEnvironment.shape,
  ...publishEnvironment.shape,
  ...contactsEnvironment.shape,
  ...pollPlanEnvironment.shape,
});

export type SweepOutboxEnvironment = z.input<typeof sweepOutboxEnvironment>;
