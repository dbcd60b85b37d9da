import { z } from "zod";
import { kardEnvironment, pollPlanEnvironment, queueEnvironment, tableEnvironment } from "../adapters/environment.ts";

export const pollAuditsEnvironment = z.object({
  ...tableEnvironment.shape,
  ...queueEnvironment.shape,
  ...kardEnvironment.shape,
  ...pollPlanEnvironment.shape,
});

export type PollAuditsEnvironment = z.input<typeof pollAuditsEnvironment>;

/** What a poller's schedule says: which of the lane's shards (0–7) are its own. */
export const pollAuditsInput = z.object({ shards: z.array(z.int().min(0).max(7)).min(1) });

export type PollAuditsInput = z.input<typeof pollAuditsInput>;
