import type { z } from "zod";
import { legacyError, legacyErrorList, legacyUnauthorized } from "../../../../functions/audits-api/legacy-shapes.ts";
import { errorObject, errorsShape } from "../../../../functions/platform/http-error.ts";
import { gatewayMessage, refTo } from "./components.ts";

/** Kard's JSON:API errors, or those of its legacy calls. */
export type ErrorStyle = "jsonApi" | "legacy";

/** A status, or, where Kard's own is passed on, whichever it is. */
export type ErrorStatus = number | "4XX";

const meanings: Readonly<Record<ErrorStatus, { description: string; detail: string }>> = {
  400: { description: "Something in the request is wrong; each thing is named.", detail: "must not be empty" },
  401: { description: "The credential is missing or not valid.", detail: "send a valid API key" },
  403: { description: "The key lacks the scope.", detail: "this API key lacks the scope audit:write" },
  404: { description: "There is no such thing, or it is another issuer's.", detail: "there is no such audit" },
  409: { description: "It conflicts with what is there.", detail: "an issuer has at most 100 subscriptions" },
  413: { description: "The body has more than 64 KB.", detail: "the body has 70000 bytes; at most 65536 are read" },
  415: {
    description: "The body is not declared as JSON in UTF-8, or has a `Content-Encoding`.",
    detail: "send JSON in UTF-8, with `Content-Type: application/json`",
  },
  422: {
    description: "The Idempotency-Key came with another request before, or Kard's audit is of another request.",
    detail: "this Idempotency-Key came with another request before",
  },
  "4XX": { description: "Kard refused it: Kard's own status and reasons.", detail: "the transaction is too old" },
  429: { description: "Too many requests at once; try again after `Retry-After`.", detail: "slow down" },
  500: { description: "Something went wrong here.", detail: "something went wrong here; try again" },
  503: { description: "Try again: the tracker, or Kard where it has to be asked, is too busy.", detail: "try again" },
};

/** What API Gateway may answer by itself, in a shape of its own and with `apigw-requestid` for the request's id. */
const gatewaysOwn: readonly ErrorStatus[] = [429, 500, 503];

const headers = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };
const retryHeaders = { ...headers, "Retry-After": { $ref: "#/components/headers/RetryAfter" } };
const challengeHeaders = { ...headers, "WWW-Authenticate": { $ref: "#/components/headers/WwwAuthenticate" } };

function headersOf(status: ErrorStatus): object {
  if (status === 401) return challengeHeaders;
  return status === 429 || status === 503 ? retryHeaders : headers;
}

function legacyShape(status: ErrorStatus): z.ZodType {
  if (status === 400) return legacyErrorList;
  return status === 401 ? legacyUnauthorized : legacyError;
}

function legacyExample(status: ErrorStatus, detail: string): unknown {
  if (status === 400) return { errors: [`transactionId: ${detail}`] };
  return status === 401 ? { message: "Unauthorized" } : detail;
}

function answer(status: ErrorStatus, style: ErrorStyle): object {
  const { description, detail } = meanings[status] ?? missing(status);
  const own = refTo(style === "legacy" ? legacyShape(status) : errorsShape);
  const source = status === 400 ? { pointer: "/data/0/attributes/transactionId" } : undefined;
  const example =
    style === "legacy"
      ? legacyExample(status, detail)
      : { errors: [errorObject(status === "4XX" ? 404 : status, detail, source)] };
  const schema = gatewaysOwn.includes(status) ? { anyOf: [own, refTo(gatewayMessage)] } : own;
  return {
    description,
    headers: headersOf(status),
    content: { "application/json": { schema, example } },
  };
}

function missing(status: ErrorStatus): never {
  throw new Error(`what a ${status} means is not documented`);
}

const nameOf = (status: ErrorStatus, style: ErrorStyle) => `${style === "legacy" ? "Legacy" : ""}Error${status}`;

/** An operation's errors, by reference. */
export function errorAnswers(statuses: readonly ErrorStatus[], style: ErrorStyle): Record<string, object> {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(status, style)}` }]),
  );
}

/** The errors that are referred to. */
export function errorComponents(): Record<string, object> {
  const styles: ErrorStyle[] = ["jsonApi", "legacy"];
  return Object.fromEntries(
    styles.flatMap((style) =>
      (Object.keys(meanings) as `${ErrorStatus}`[]).map((text) => {
        const status = text === "4XX" ? text : Number(text);
        return [nameOf(status, style), answer(status, style)];
      }),
    ),
  );
}
