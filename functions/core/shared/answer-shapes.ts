import { z } from "zod";

// What the answers of several functions have in common. Descriptions are published: they are what a field means.

/** A point in time as it is shown. */
export const shownTime = z.iso.datetime().describe("ISO 8601 in UTC, with milliseconds.");

/** Where a list goes on. */
export const listLinks = z.object({
  next: z
    .string()
    .optional()
    .describe(
      "Path and query of the next page; absent on the last. A page may be short, or empty, and have a next one.",
    ),
});
