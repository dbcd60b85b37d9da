import type * as z from "zod";
import { legacyError, legacyErrorList, legacyUnauthorized } from "../../../../functions/audits-api/legacy-shapes.ts";
import { errorObject, errorsShape } from "../../../../functions/platform/http-error.ts";
import { gatewayMessage, refTo } from "./components.ts";

/** Errors of Kard's v2 calls (JSON:API), or of its legacy calls. */
export type ErrorStyle = "jsonApi" | "legacy";

/** A status; `4XX` for Kard's own status. */
export type ErrorStatus = number | "4XX";

const meanings: Readonly<Record<ErrorStatus, { description: string; detail: string }>> = {
  400: {
    description: "The request is invalid. Each error names the part by a JSON pointer.",
    detail: "must not be empty",
  },
  401: { description: "The credential is missing or invalid.", detail: "send a valid API key" },
  403: { description: "The credential lacks the scope.", detail: "this API key lacks the scope audit:write" },
  404: { description: "It does not exist, or belongs to another issuer.", detail: "there is no such audit" },
  409: { description: "It conflicts with existing data.", detail: "an issuer has at most 100 subscriptions" },
  413: { description: "The body exceeds 64 KB.", detail: "the body has 70000 bytes; at most 65536 are read" },
  415: {
    description: "The body is not declared as JSON in UTF-8, or has a `Content-Encoding`.",
    detail: "send JSON in UTF-8, with `Content-Type: application/json`",
  },
  422: {
    description: "The Idempotency-Key was used with another request, or Kard's audit belongs to another request.",
    detail: "this Idempotency-Key was already used with another request; use a new key",
  },
  "4XX": { description: "Kard refused the request: Kard's status and errors.", detail: "the transaction is too old" },
  429: { description: "Rate limit exceeded. Retry after `Retry-After` seconds.", detail: "slow down" },
  500: { description: "Internal error. Retry.", detail: "internal error; try again" },
  503: { description: "The tracker or Kard is too busy. Retry after `Retry-After` seconds.", detail: "try again" },
};

/** Statuses that API Gateway can answer itself, with its own body and the request id in `apigw-requestid`. */
const gatewayStatuses: readonly ErrorStatus[] = [429, 500, 503];

const headers = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };
const retryHeaders = { ...headers, "Retry-After": { $ref: "#/components/headers/RetryAfter" } };
const limitHeaders = { ...retryHeaders, "X-RateLimit-Reset": { $ref: "#/components/headers/RateLimitReset" } };
const challengeHeaders = { ...headers, "WWW-Authenticate": { $ref: "#/components/headers/WwwAuthenticate" } };

function headersOf(status: ErrorStatus): object {
  if (status === 401) return challengeHeaders;
  if (status === 429) return limitHeaders;
  return status === 503 ? retryHeaders : headers;
}

function legacyShape(status: ErrorStatus): z.ZodType {
  if (status === 400) return legacyErrorList;
  return status === 401 ? legacyUnauthorized : legacyError;
}

function legacyExample(status: ErrorStatus, detail: string): unknown {
  if (status === 400) return { errors: [`transactionId: ${detail}`] };
  return status === 401 ? { message: "Unauthorized" } : detail;
}

function response(status: ErrorStatus, style: ErrorStyle): object {
  const { description, detail } = meanings[status] ?? missing(status);
  const own = refTo(style === "legacy" ? legacyShape(status) : errorsShape);
  const source = status === 400 ? { pointer: "/data/0/attributes/transactionId" } : undefined;
  const example =
    style === "legacy"
      ? legacyExample(status, detail)
      : { errors: [errorObject(status === "4XX" ? 404 : status, detail, source)] };
  const schema = gatewayStatuses.includes(status) ? { anyOf: [own, refTo(gatewayMessage)] } : own;
  return {
    description,
    headers: headersOf(status),
    content: { "application/json": { schema, example } },
  };
}

function missing(status: ErrorStatus): never {
  throw new Error(`the status ${status} has no description`);
}

const nameOf = (status: ErrorStatus, style: ErrorStyle) => `${style === "legacy" ? "Legacy" : ""}Error${status}`;

/** References to an operation's error responses. */
export function errorResponses(statuses: readonly ErrorStatus[], style: ErrorStyle): Record<string, object> {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(status, style)}` }]),
  );
}

/** The error responses as components. */
export function errorComponents(): Record<string, object> {
  const styles: ErrorStyle[] = ["jsonApi", "legacy"];
  return Object.fromEntries(
    styles.flatMap((style) =>
      (Object.keys(meanings) as `${ErrorStatus}`[]).map((text) => {
        const status = text === "4XX" ? text : Number(text);
        return [nameOf(status, style), response(status, style)];
      }),
    ),
  );
}
