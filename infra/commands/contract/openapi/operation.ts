import type { z } from "zod";
import { refTo } from "./components.ts";
import { type ErrorStatus, type ErrorStyle, errorAnswers } from "./error-answers.ts";
import { headersOf, parametersOf, queryOf, type RequestHeader } from "./parameters.ts";

/** One answer of an operation other than an error. */
interface Answer {
  description: string;
  schema?: z.ZodType;
  /** Where the body is not JSON. */
  contentType?: string;
  example?: unknown;
}

/** What an operation is, as far as its route and its schemas do not say so themselves. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  query?: z.ZodType;
  headers?: readonly RequestHeader[];
  body?: { schema: z.ZodType; example: unknown; optional?: true };
  answers: Readonly<Record<number, Answer>>;
  /** The statuses of its errors, besides those that every operation may answer. */
  errors?: readonly number[];
  errorStyle?: ErrorStyle;
  /** Whether Kard's refusals are passed on with Kard's own status. */
  ofKard?: true;
  /** How it is secured, where that is not by an API key of a scope. */
  security?: Readonly<Record<string, readonly string[]>>;
}

/** An operation as OpenAPI 3.1 has it. `scope` is what its route asks for, `undefined` for one that is open. */
export function openApiOperation(route: string, tag: string, scope: string | undefined, its: Operation): object {
  const { operationId, summary, description, query, headers = [], body, errorStyle = "jsonApi", security } = its;
  const path = route.split(" ")[1] ?? "";
  const parameters = [...parametersOf(path), ...queryOf(query), ...headersOf(headers)];
  const ofKey = scope === undefined ? [] : [401, 403, 404];
  const ofBody = body === undefined ? [] : [400, 413, 415];
  const ofKard: ErrorStatus[] = its.ofKard ? ["4XX"] : [];
  const errors = [...ofKey, ...ofBody, ...(its.errors ?? []), ...ofKard, 429, 500, 503];
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: security === undefined ? (scope === undefined ? [] : [{ apiKey: [scope] }]) : [security],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: { ...answersOf(its.answers, headers), ...errorAnswers(errors, errorStyle) },
  };
}

function requestBody({ schema, example, optional }: NonNullable<Operation["body"]>): object {
  const shape = { schema: refTo(schema) };
  const content = { "application/json": { ...shape, example }, "application/vnd.api+json": shape };
  return { required: optional !== true, content };
}

function answersOf(answers: Operation["answers"], asked: readonly RequestHeader[]): Record<string, object> {
  const headers = {
    "X-Request-Id": { $ref: "#/components/headers/RequestId" },
    ...(asked.includes("Idempotency-Key") && {
      "Idempotent-Replayed": { $ref: "#/components/headers/IdempotentReplayed" },
    }),
  };
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, contentType = "application/json", example }]) => {
      const media = {
        schema: schema === undefined ? { type: contentType.startsWith("text/") ? "string" : "object" } : refTo(schema),
        ...(example === undefined ? {} : { example }),
      };
      const content = status === "204" ? {} : { content: { [contentType]: media } };
      return [status, { description, headers, ...content }];
    }),
  );
}
