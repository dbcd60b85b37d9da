import * as z from "zod";
import { timestamp } from "../events/events.ts";

/** One POST of a notification: its time, duration and status code, and `error` if there was no complete response. */
export const attempt = z.object({
  at: z.number(),
  ms: z.number(),
  statusCode: z.number().optional(),
  error: z.string().optional(),
});

export type Attempt = z.infer<typeof attempt>;

/** An attempt as events show it. */
export function attemptFacts({ at, ms, statusCode, error }: Attempt) {
  return {
    timestamp: timestamp(at),
    milliseconds: ms,
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(error === undefined ? {} : { errorMessage: error }),
  };
}
