import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { readRetryAfter } from "../../functions/adapters/http/retry-after.ts";
import { legacyErrorList } from "../../functions/audits-api/legacy-shapes.ts";
import { errorsShape } from "../../functions/platform/http-error.ts";
import { Failure } from "../failure.ts";
import type { Connection } from "./connection.ts";

export interface ApiRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path below the tracker's URL, with its query. */
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Makes a POST repeatable. */
  idempotencyKey?: string | undefined;
  /** If aborted, the request is not retried. A running try is completed. */
  stop?: AbortSignal | undefined;
}

export interface ApiResponse {
  status: number;
  /** The parsed JSON body; `undefined` if there is none. */
  body: unknown;
  /** Whether this is the replayed response of an earlier request with the same Idempotency-Key. */
  isRepeat: boolean;
}

/** The tracker's API for one issuer. */
export interface Api {
  /** Without a trailing slash. */
  url: string;
  organizationId: string;
  /** Returns any response, except authentication and authorization errors, which it throws. */
  send(request: ApiRequest): Promise<ApiResponse>;
  /** Returns the body of a 2xx response; throws for others. */
  ask<Schema extends z.ZodType>(schema: Schema, request: ApiRequest): Promise<z.output<Schema>>;
}

/** A complete response. */
interface Received {
  status: number;
  headers: Headers;
  text: string;
}

export interface ApiTiming {
  maxTries: number;
  /** The pause after the first failure. It doubles with each try. */
  firstPauseMs: number;
  /** The longest accepted Retry-After. */
  maxPauseMs: number;
  timeoutMs: number;
  /** Called before the pause that precedes another try. */
  onRetry?: (reason: string, pauseMs: number) => void;
}

const usualTiming: ApiTiming = { maxTries: 6, firstPauseMs: 500, maxPauseMs: 60_000, timeoutMs: 30_000 };

/**
 * A client of the tracker's API. It waits for the Retry-After of a 429. Requests without a response, and those with
 * 5xx, are retried if they are repeatable.
 */
export function connect({ url, key, organizationId }: Connection, given: Partial<ApiTiming> = {}): Api {
  const timing = { ...usualTiming, ...given };
  const once = async ({ method, path, body, headers, idempotencyKey }: ApiRequest): Promise<Received> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(timing.timeoutMs),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    // A saved or received path that does not begin with a slash would change the host, which then gets the key.
    if (!/^\/(?!\/)/.test(request.path)) throw new Failure("usage", `${request.path} is not a path of ${url}`);
    const isRepeatable = request.method === "GET" || request.idempotencyKey !== undefined;
    for (let tried = 1; ; tried++) {
      const response = await once(request).catch((error: unknown) => reasonOf(error));
      const status = typeof response === "string" ? undefined : response.status;
      const isWorthAnother = status === 429 || (isRepeatable && (status === undefined || status >= 500));
      const { stop } = request;
      if (isWorthAnother && tried < timing.maxTries && !stop?.aborted) {
        const pauseMs = pauseAfter(tried, typeof response === "string" ? undefined : response, timing);
        timing.onRetry?.(typeof response === "string" ? response : `status ${response.status}`, pauseMs);
        await sleep(pauseMs, undefined, stop && { signal: stop }).catch(() => undefined);
        if (!stop?.aborted) continue;
      }
      if (typeof response === "string")
        throw new Failure("unreachable", `${url} gave no complete response: ${response}`);
      if (status === 401) throw new Failure("unreachable", `${url} does not accept the API key`);
      const { text } = response;
      if (status === 403) throw new Failure("unreachable", `the API key is not allowed to do this: ${describe(text)}`);
      if (status === 429 || response.status >= 500) {
        throw new Failure("unreachable", `${url} answered ${status}, ${tried} times: ${describe(text)}`);
      }
      return { status: response.status, body: parsed(text), isRepeat: response.headers.has("idempotent-replayed") };
    }
  };

  return {
    url,
    organizationId,
    send,
    ask: async (schema, request) => bodyOf(schema, await send(request), url),
  };
}

/**
 * The body of a 2xx response of the tracker at a URL.
 *
 * @throws Failure for other responses, and for a body that does not come from a tracker
 */
export function bodyOf<Schema extends z.ZodType>(
  schema: Schema,
  { status, body }: ApiResponse,
  url: string,
): z.output<Schema> {
  if (status >= 400) throw new Failure("refused", errorText(status, body));
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new Failure("unreachable", `${url} does not answer like a tracker; check the URL`);
}

/** The errors of a response, in one line. */
export function errorText(status: number, body: unknown): string {
  const errors = z.union([errorsShape, legacyErrorList]).safeParse(body).data?.errors ?? [];
  const texts = errors.map((error) => {
    if (typeof error === "string") return error;
    const { pointer, parameter, header } = error.source ?? {};
    const where = pointer?.replace(/^\/data\/\d+\/?(attributes\/)?/, "") || parameter || header;
    return where === undefined ? error.detail : `${where}: ${error.detail}`;
  });
  if (texts.length > 0) return texts.join("; ");
  return typeof body === "string" ? body : `the response was ${status}`;
}

function describe(text: string): string {
  const body = parsed(text);
  return body === undefined ? text.slice(0, 200) : errorText(0, body);
}

function pauseAfter(tried: number, response: Received | undefined, { firstPauseMs, maxPauseMs }: ApiTiming): number {
  const asked = readRetryAfter(response?.headers.get("retry-after") ?? undefined, Date.now(), maxPauseMs);
  // Never earlier than requested, plus jitter, so that clients do not return at the same time.
  return (asked ?? Math.min(firstPauseMs * 2 ** (tried - 1), maxPauseMs)) + Math.random() * firstPauseMs;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` says only "fetch failed" or "terminated". The reason is in its cause. */
export function reasonOf(error: unknown): string {
  const { message = String(error), cause }: { message?: string; cause?: unknown } = Object(error);
  const { code, message: detail = code }: { code?: string; message?: string } = Object(cause);
  return code === undefined && detail === undefined ? message : `${message} (${code ?? detail})`;
}
