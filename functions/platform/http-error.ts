import * as z from "zod";
import { jsonApiError } from "../core/shared/json-api-error.ts";

/** An error object in a response. A conflict names the existing audit. */
export const answeredError = jsonApiError.extend({
  meta: z.object({ existingAuditId: z.string().describe("The tracker's id of the existing audit.") }).optional(),
  links: z.object({ about: z.string().describe("The URL of the existing audit.") }).optional(),
});

export type ErrorObject = z.infer<typeof answeredError>;

export const errorsShape = z.object({ errors: z.array(answeredError) });

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

/** An error object with the title of its status code. */
export function errorObject(statusCode: number, detail: string, source?: ErrorObject["source"]): ErrorObject {
  const title = titles[statusCode] ?? "Error";
  return { status: String(statusCode), title, detail, ...(source === undefined ? {} : { source }) };
}

/** An error response. Its texts are shown to the caller. */
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

/** A 429 with `Retry-After`. */
export function tooManyRequests(retryAfterSeconds: number, detail: string): HttpError {
  return new HttpError(429, [errorObject(429, detail)], { "retry-after": String(retryAfterSeconds) });
}

/** An `HttpError` with one error object. */
export function httpError(statusCode: number, detail: string, source?: ErrorObject["source"]): HttpError {
  return new HttpError(statusCode, [errorObject(statusCode, detail, source)]);
}
