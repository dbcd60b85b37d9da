import * as z from "zod";

/** Kard's decision on a CLOSED audit. Kard may leave out any field or set it to null. The time is as Kard wrote it. */
export const resolution = z.object({
  resolutionCode: z.number().nullable(),
  resolutionDescription: z.string().nullable(),
  resolutionTimeStamp: z.string().nullable(),
});

export type Resolution = z.infer<typeof resolution>;
