import * as z from "zod";

/** One POST of a notification: its time, duration and status code, and `error` if there was no complete response. */
export const attempt = z.object({
  at: z.number(),
  ms: z.number(),
  statusCode: z.number().optional(),
  error: z.string().optional(),
});

export type Attempt = z.infer<typeof attempt>;
