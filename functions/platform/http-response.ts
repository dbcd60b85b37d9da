import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { HttpError } from "./http-error.ts";

/** `body` is sent as JSON, `html` and `file` as they are. */
export interface HttpResponse {
  statusCode: number;
  body?: unknown;
  html?: string;
  file?: { contentType: string; bytes: Buffer };
  headers?: Record<string, string>;
}

/** When a rate limit ends, in epoch seconds. Kard's SDKs read this header if a 429 has no `Retry-After`. */
export function rateLimitReset({ statusCode, headers }: HttpError, requestedAt: number): Record<string, string> {
  const seconds = Number(headers["retry-after"]);
  if (statusCode !== 429 || Number.isNaN(seconds)) return {};
  return { "x-ratelimit-reset": String(Math.ceil(requestedAt / 1_000) + seconds) };
}

/** RFC 9110, 11.6.1: a 401 names at least one way to authenticate. */
const challenge = { "www-authenticate": "Bearer" };

/** A response in the format of API Gateway, with the id of its request. */
export function lambdaResponse(requestId: string, response: HttpResponse): APIGatewayProxyStructuredResultV2 {
  const { statusCode, body, html, file, headers } = response;
  const contentType = file?.contentType ?? (html === undefined ? "application/json" : "text/html; charset=utf-8");
  const text = html ?? file?.bytes.toString("base64") ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    statusCode,
    headers: {
      "content-type": contentType,
      "x-request-id": requestId,
      ...(statusCode === 401 && challenge),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
    ...(file && { isBase64Encoded: true }),
  };
}
