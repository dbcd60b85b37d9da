import { z } from "zod";
import { kardEnvironment, pollPlanEnvironment, queueEnvironment, tableEnvironment } from "../adapters/environment.ts";

export const pollAuditsEnvironment = z.object({
  ...tableEnvironment.shape,
  ...queueEnvironment.shape,
  ...kardEnvironment.shape,
  ...pollPlanEnvironment.shape,
});

export type PollAuditsEnvironment = z.input<typeof pollAuditsEnvironment>;

/** What a schedule asks for: a poller's tick over its shards of the lanes (0–7), or the daily reconciliation. */
export const pollAuditsInput = z.union([
  z.strictObject({ shards: z.array(z.int().min(0).max(7)).min(1) }),
  z.strictObject({ replayFailedPushes: z.literal(true) }),
]);

export type PollAuditsInput = z.input<typeof pollAuditsInput>;
