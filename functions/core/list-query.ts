import { z } from "zod";

/** A point in time that a caller names; it becomes epoch milliseconds. */
export const givenTime = z.iso
  .datetime({ offset: true, error: "must be a time of ISO 8601, such as 2026-01-31T09:00:00Z" })
  .transform((text) => Date.parse(text));

const mostPerPage = 200;

/** How many items a page has at most. A number in any other notation than plain digits is none. */
export const pageSize = z
  .preprocess(
    (text) => (typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : text),
    z
      .int("must be a whole number")
      .min(1, "must be 1 or more")
      .max(mostPerPage, `must be ${mostPerPage} at most`)
      .describe("How many items a page has at most; 50 unless it is said otherwise."),
  )
  .default(50);

/** Where a page begins: the token of a former page's `links.next`. */
export const pageAfter = z
  .string()
  .max(1_000, "is not a token of this list")
  .describe("Where the page begins: take `links.next` of the former one as it is.")
  .optional();
