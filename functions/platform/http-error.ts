import { z } from "zod";

/** A JSON:API error object, as Kard's reference has it. */
export const errorShape = z.object({
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

export type ErrorObject = z.infer<typeof errorShape>;

export const errorsShape = z.object({ errors: z.array(errorShape) });

const titles: Readonly<Record<number, string>> = {
  400: "Invalid Request",
  401: "Unauthorized Error",
  403: "Forbidden",
  404: "Does Not Exist Error",
  405: "Method Not Allowed",
  409: "Conflict Error",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** One error object, its title by the status code. */
export function errorObject(statusCode: number, detail: string, source?: ErrorObject["source"]): ErrorObject {
  const title = titles[statusCode] ?? "Error";
  return { status: String(statusCode), title, detail, ...(source === undefined ? {} : { source }) };
}

/** An answer other than success, thrown wherever it becomes clear; its texts are shown to the caller. */
export class HttpError extends Error {
  readonly statusCode: number;
  readonly errors: readonly ErrorObject[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, errors: readonly ErrorObject[], headers: Readonly<Record<string, string>> = {}) {
    super(errors.map(({ detail }) => detail).join("; "));
    this.statusCode = statusCode;
    this.errors = errors;
    this.headers = headers;
  }
}

/** A 429 that says when to try again. */
export function tooManyRequests(retryAfterSeconds: number, detail: string): HttpError {
  return new HttpError(429, [errorObject(429, detail)], { "retry-after": String(retryAfterSeconds) });
}

/** An `HttpError` with a single error object. */
export function httpError(statusCode: number, detail: string, source?: ErrorObject["source"]): HttpError {
  return new HttpError(statusCode, [errorObject(statusCode, detail, source)]);
}
