import type * as z from "zod";
import { refTo } from "./components.ts";
import { type ErrorStatus, type ErrorStyle, errorResponses } from "./error-responses.ts";
import { headersOf, parametersOf, queryOf, type RequestHeader } from "./parameters.ts";

/** A successful response of an operation. */
interface Response {
  description: string;
  schema?: z.ZodType;
  /** If the body is not JSON. */
  contentType?: string;
  example?: unknown;
}

/** The description of an operation, besides its route and schemas. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  query?: z.ZodType;
  headers?: readonly RequestHeader[];
  body?: { schema: z.ZodType; example: unknown; optional?: true; form?: z.ZodType };
  responses: Readonly<Record<number, Response>>;
  /** Error statuses, besides those of every operation. */
  errors?: readonly number[];
  errorStyle?: ErrorStyle;
  /** Whether it passes Kard's error statuses on. */
  ofKard?: true;
  /** Security, if it is not an API key with a scope. */
  security?: Readonly<Record<string, readonly string[]>>;
}

/** Builds an OpenAPI 3.1 operation. `scope` is the route's required scope: `undefined` for a public route, or `any`. */
export function openApiOperation(route: string, tag: string, scope: string | undefined, its: Operation): object {
  const { operationId, summary, description, query, headers = [], body, errorStyle = "jsonApi", security } = its;
  const path = route.split(" ")[1] ?? "";
  const parameters = [...parametersOf(path), ...queryOf(query), ...headersOf(headers)];
  const ofKey = scope === undefined ? [] : scope === "any" ? [401] : [401, 403, 404];
  const ofBody = body === undefined ? [] : [400, 413, 415];
  const ofKard: ErrorStatus[] = its.ofKard ? ["4XX"] : [];
  const errors = [...ofKey, ...ofBody, ...(its.errors ?? []), ...ofKard, 429, 500, 503];
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security:
      security === undefined ? (scope === undefined ? [] : [{ apiKey: scope === "any" ? [] : [scope] }]) : [security],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: { ...responsesOf(its.responses, headers), ...errorResponses(errors, errorStyle) },
  };
}

function requestBody({ schema, example, optional, form }: NonNullable<Operation["body"]>): object {
  const shape = { schema: refTo(schema) };
  const content = {
    "application/json": { ...shape, example },
    "application/vnd.api+json": shape,
    ...(form === undefined ? {} : { "application/x-www-form-urlencoded": { schema: refTo(form) } }),
  };
  return { required: optional !== true, content };
}

function responsesOf(responses: Operation["responses"], asked: readonly RequestHeader[]): Record<string, object> {
  const headers = {
    "X-Request-Id": { $ref: "#/components/headers/RequestId" },
    ...(asked.includes("Idempotency-Key") && {
      "Idempotent-Replayed": { $ref: "#/components/headers/IdempotentReplayed" },
    }),
  };
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, contentType = "application/json", example }]) => {
      const media = {
        schema: schema === undefined ? { type: contentType.startsWith("text/") ? "string" : "object" } : refTo(schema),
        ...(example === undefined ? {} : { example }),
      };
      const content = status === "204" ? {} : { content: { [contentType]: media } };
      return [status, { description, headers, ...content }];
    }),
  );
}
