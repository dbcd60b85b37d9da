import * as z from "zod";

// Shapes that several functions' responses share. The descriptions are published.

export const timestampShape = z.iso.datetime().describe("ISO 8601 in UTC, with milliseconds.");

export const listLinks = z.object({
  next: z
    .string()
    .optional()
    .describe(
      "Path and query of the next page; absent on the last page. A page may be short or empty and still have a next one.",
    ),
});
