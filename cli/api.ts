import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { readRetryAfter } from "../functions/adapters/http/retry-after.ts";
import { legacyErrorList } from "../functions/audits-api/legacy-shapes.ts";
import { errorsShape } from "../functions/platform/http-error.ts";
import type { Connection } from "./connection.ts";
import { Failure } from "./failure.ts";

export interface ApiRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the tracker's URL, with its query. */
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Makes a POST one that can be repeated. */
  idempotencyKey?: string | undefined;
  /** Once it is aborted, the request is not retried. A try that has begun is finished. */
  stop?: AbortSignal | undefined;
}

export interface ApiAnswer {
  status: number;
  /** Parsed JSON; `undefined` where there is none. */
  body: unknown;
  /** Whether the tracker had been asked just this before, by its Idempotency-Key. */
  isRepeat: boolean;
}

/** The tracker's API, asked as one issuer. */
export interface Api {
  organizationId: string;
  /** The answer whatever it is, but for those that let nobody in. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** The body of a 2xx answer; anything else ends the program. */
  ask<Schema extends z.ZodType>(schema: Schema, request: ApiRequest): Promise<z.output<Schema>>;
}

/** An answer, read to its end. */
interface Received {
  status: number;
  headers: Headers;
  text: string;
}

export interface ApiTiming {
  maxTries: number;
  /** The pause after the first failure; it doubles from try to try. */
  firstPauseMs: number;
  /** No Retry-After is waited for longer. */
  maxPauseMs: number;
  timeoutMs: number;
}

const usualTiming: ApiTiming = { maxTries: 6, firstPauseMs: 500, maxPauseMs: 60_000, timeoutMs: 30_000 };

/**
 * A client of the tracker's API. A 429 is waited out as its Retry-After says; what was not answered, or with 5xx, is
 * asked again where asking twice does no harm.
 */
export function connect({ url, key, organizationId }: Connection, timing: ApiTiming = usualTiming): Api {
  const once = async ({ method, path, body, headers, idempotencyKey }: ApiRequest): Promise<Received> => {
    const answer = await fetch(url + path, {
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
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    const isRepeatable = request.method === "GET" || request.idempotencyKey !== undefined;
    for (let tried = 1; ; tried++) {
      const answer = await once(request).catch((error: unknown) => reasonOf(error));
      const status = typeof answer === "string" ? undefined : answer.status;
      const isWorthAnother = status === 429 || (isRepeatable && (status === undefined || status >= 500));
      const { stop } = request;
      if (isWorthAnother && tried < timing.maxTries && !stop?.aborted) {
        const pauseMs = pauseAfter(tried, typeof answer === "string" ? undefined : answer, timing);
        await sleep(pauseMs, undefined, stop && { signal: stop }).catch(() => undefined);
        if (!stop?.aborted) continue;
      }
      if (typeof answer === "string") throw new Failure("unreachable", `${url} gave no complete answer: ${answer}`);
      if (status === 401) throw new Failure("unreachable", `${url} does not take the API key`);
      const { text } = answer;
      if (status === 403) throw new Failure("unreachable", `the API key may not do this: ${describe(text)}`);
      if (status === 429 || answer.status >= 500) {
        throw new Failure("unreachable", `${url} answered ${status}, ${tried} times: ${describe(text)}`);
      }
      return { status: answer.status, body: parsed(text), isRepeat: answer.headers.has("idempotent-replayed") };
    }
  };

  return {
    organizationId,
    send,
    async ask(schema, request) {
      const { status, body } = await send(request);
      if (status >= 400) throw new Failure("refused", errorText(status, body));
      const result = schema.safeParse(body);
      if (result.success) return result.data;
      throw new Failure("unreachable", `${url} answered ${request.path} as no tracker does: is it the right URL?`);
    },
  };
}

/** What an answer says is wrong, in a line. */
export function errorText(status: number, body: unknown): string {
  const errors = z.union([errorsShape, legacyErrorList]).safeParse(body).data?.errors ?? [];
  const texts = errors.map((error) => {
    if (typeof error === "string") return error;
    const { pointer, parameter, header } = error.source ?? {};
    const where = pointer?.replace(/^\/data\/\d+\/?(attributes\/)?/, "") || parameter || header;
    return where === undefined ? error.detail : `${where}: ${error.detail}`;
  });
  if (texts.length > 0) return texts.join("; ");
  return typeof body === "string" ? body : `it was answered ${status}`;
}

function describe(text: string): string {
  const body = parsed(text);
  return body === undefined ? text.slice(0, 200) : errorText(0, body);
}

function pauseAfter(tried: number, answer: Received | undefined, { firstPauseMs, maxPauseMs }: ApiTiming): number {
  const asked = readRetryAfter(answer?.headers.get("retry-after") ?? undefined, Date.now(), maxPauseMs);
  // Never earlier than it was asked for; a little later, so that callers do not come back all at once.
  return (asked ?? Math.min(firstPauseMs * 2 ** (tried - 1), maxPauseMs)) + Math.random() * firstPauseMs;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` says only "fetch failed", or "terminated" of an answer that broke off, and has the reason as its cause. */
function reasonOf(error: unknown): string {
  const { message = String(error), cause }: { message?: string; cause?: unknown } = Object(error);
  const { code, message: detail = code }: { code?: string; message?: string } = Object(cause);
  return code === undefined && detail === undefined ? message : `${message} (${code ?? detail})`;
}
