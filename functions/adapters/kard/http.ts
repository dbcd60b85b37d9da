import type { KardFailure, PartialDefect, ResponseDefect } from "../../core/kard/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { DeadlinePassed, exchange, type HttpResponse, openConnections, ResponseBrokeOff } from "../http/exchange.ts";
import { readRetryAfter } from "../http/retry-after.ts";
import { shapeOf } from "./json-shape.ts";
import { parseJson } from "./schemas.ts";

/** One HTTP exchange with Kard, for metrics and logs. */
export interface KardCall {
  route: "create" | "legacy-create" | "status" | "rewards" | "token" | "subscriptions";
  ms: number;
  /** Absent if Kard did not answer. */
  status?: number | undefined;
  /** Why the call failed. */
  failure?: KardFailure | "unauthorized" | "forbidden" | "throttled" | undefined;
  /** If the response could not be interpreted: the reason, and the response's paths and types without values. */
  notUnderstood?: { reason: ResponseDefect; shape: string[] } | undefined;
}

export interface KardHttpRequest {
  route: KardCall["route"];
  method: "GET" | "POST" | "PATCH";
  /** Scheme, host and port. */
  origin: string;
  /** The rest of the URL, sent as it is. */
  path: string;
  headers: Record<string, string>;
  body?: string | null;
}

/**
 * `delivered` is false only if Kard cannot have seen the request. `brokenOffStatus` is the status of a response that
 * broke off.
 */
export type KardResponse =
  | { answered: true; status: number; retryAfterMs: number | undefined; body: string }
  | { answered: false; reason: KardFailure; delivered: boolean; brokenOffStatus?: number | undefined };

/** Sends a request. `interpret` converts the response; a `reason` marks an unusable response. */
export type SendToKard = <Outcome extends { outcome: string; reason?: KardFailure }>(
  request: KardHttpRequest,
  interpret: (response: KardResponse) => Outcome,
) => Promise<Outcome>;

const maxResponseBytes = 256 * 1024;
const maxRetryAfterMs = 60 * 60 * 1000;
const connectTimeoutMs = 3_000;

const connections = openConnections({ maxResponseSize: maxResponseBytes, connect: { timeout: connectTimeoutMs } });

const utf8 = new TextDecoder();

const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const partialDefects: readonly string[] = ["unknown-status", "unreadable-resolution"] satisfies PartialDefect[];

const responseDefects: readonly string[] = ["malformed-response", "mismatched-response", ...partialDefects];

/**
 * The HTTP transport to Kard. A request, including the whole body, takes at most `requestTimeoutMs`. Responses are
 * limited to 256 KB, and redirects are not followed. It never throws for network errors.
 */
export function createKardHttp(options: {
  requestTimeoutMs: number;
  clock: Clock;
  observe?: ((call: KardCall) => void) | undefined;
}): SendToKard {
  const { requestTimeoutMs, clock, observe } = options;

  return async (request, interpret) => {
    const startedAt = clock();
    let response: KardResponse;
    try {
      response = responseOf(await exchange(connections, request, requestTimeoutMs), clock());
    } catch (error) {
      response = error instanceof ResponseBrokeOff ? brokenOff(error, clock()) : noResponseOf(error);
    }
    const outcome = interpret(response);
    observe?.(kardCall(request.route, clock() - startedAt, response, outcome));
    return outcome;
  };
}

/** Splits a URL without normalizing it: normalization would resolve dots in the path. */
export function splitUrl(url: string): Pick<KardHttpRequest, "origin" | "path"> {
  const [, origin = "", path = ""] = /^(https?:\/\/[^/?]+)(.*)$/.exec(url) ?? [];
  return { origin, path: path.startsWith("/") ? path : `/${path}` };
}

function responseOf({ statusCode, headers, body }: HttpResponse, now: number): KardResponse {
  const retryAfterMs = readRetryAfter(headers["retry-after"], now, maxRetryAfterMs);
  return { answered: true, status: statusCode, retryAfterMs, body: utf8.decode(body) };
}

/** A response that is too long counts as answered. Of other incomplete responses only the status counts. */
function brokenOff({ response, cause }: ResponseBrokeOff, now: number): KardResponse {
  if (Object(cause).code === "UND_ERR_RES_EXCEEDED_MAX_SIZE")
    return responseOf({ ...response, body: Buffer.alloc(0) }, now);
  return { ...noResponseOf(cause), brokenOffStatus: response.statusCode };
}

function noResponseOf(error: unknown): Extract<KardResponse, { answered: false }> {
  const { code }: { code?: unknown } = Object(error);
  return {
    answered: false,
    reason: error instanceof DeadlinePassed || String(code).endsWith("_TIMEOUT") ? "timeout" : "connection",
    delivered: !neverConnected.has(String(code)),
  };
}

/** The call as reported to metrics and logs. */
export function kardCall(
  route: KardCall["route"],
  ms: number,
  response: KardResponse,
  { outcome, reason }: { outcome: string; reason?: KardFailure },
): KardCall {
  const isRefused = outcome === "unauthorized" || outcome === "forbidden" || outcome === "throttled";
  const failure = isRefused ? outcome : isPartialDefect(reason) ? undefined : reason;
  if (!response.answered) return { route, ms, failure };
  const { status, body } = response;
  return {
    ...{ route, ms, status },
    ...(failure !== undefined && { failure }),
    ...(isResponseDefect(reason) && { notUnderstood: { reason, shape: shapeOf(parseJson(body)) } }),
  };
}

function isPartialDefect(reason: KardFailure | undefined): reason is PartialDefect {
  return reason !== undefined && partialDefects.includes(reason);
}

function isResponseDefect(reason: KardFailure | undefined): reason is ResponseDefect {
  return reason !== undefined && responseDefects.includes(reason);
}
