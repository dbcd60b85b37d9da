import { z } from "zod";

/** One POST of a notification: when, how long it took, the status code, and what kept the answer from coming whole. */
export const attempt = z.object({
  at: z.number(),
  ms: z.number(),
  statusCode: z.number().optional(),
  error: z.string().optional(),
});

export type Attempt = z.infer<typeof attempt>;
