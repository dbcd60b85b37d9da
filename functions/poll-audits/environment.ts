import * as z from "zod";
import {
  followUpEnvironment,
  kardEnvironment,
  pollPlanEnvironment,
  publishEnvironment,
  tableEnvironment,
} from "../adapters/environment.ts";

export const pollAuditsEnvironment = z.object({
  ...tableEnvironment.shape,
  ...publishEnvironment.shape,
  ...followUpEnvironment.shape,
  ...kardEnvironment.shape,
  ...pollPlanEnvironment.shape,
});

export type PollAuditsEnvironment = z.input<typeof pollAuditsEnvironment>;

/** The input from a schedule: the shards (0–7) of this poller. */
export const pollAuditsInput = z.strictObject({ shards: z.array(z.int().min(0).max(7)).min(1) });

export type PollAuditsInput = z.input<typeof pollAuditsInput>;
