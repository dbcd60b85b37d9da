import * as z from "zod";

/** A JSON:API error object, as in Kard's reference. The tracker uses the same shape. */
export const jsonApiError = z.object({
  status: z.string().describe("The HTTP status of this error."),
  title: z.string().describe("The kind of error."),
  detail: z.string().describe("What is wrong."),
  source: z
    .object({
      pointer: z.string().optional().describe("The invalid part of the body, as a JSON pointer (RFC 6901)."),
      parameter: z.string().optional().describe("The invalid parameter of the path or query."),
      header: z.string().optional().describe("The invalid header."),
    })
    .optional(),
  id: z.string().optional().describe("The id of the resource that the error is about."),
});

export type JsonApiError = z.infer<typeof jsonApiError>;
