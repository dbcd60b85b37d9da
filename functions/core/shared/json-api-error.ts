import { z } from "zod";

/** A JSON:API error object, as in Kard's reference. The tracker uses the same shape. */
export const jsonApiError = z.object({
  status: z.string().describe("The HTTP status of this error."),
  title: z.string().describe("What kind of error it is."),
  detail: z.string().describe("What is wrong, in words."),
  source: z
    .object({
      pointer: z.string().optional().describe("What is wrong in the body, as a JSON pointer (RFC 6901)."),
      parameter: z.string().optional().describe("The parameter of the path or query that is wrong."),
      header: z.string().optional().describe("The header that is wrong."),
    })
    .optional(),
  id: z.string().optional().describe("The resource that it is about, where only some were refused."),
});

export type JsonApiError = z.infer<typeof jsonApiError>;
