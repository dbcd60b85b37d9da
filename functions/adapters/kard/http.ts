import type { AnswerDefect, KardFailure, PartialDefect } from "../../core/kard/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { AnswerBrokeOff, DeadlinePassed, exchange, type HttpAnswer, openConnections } from "../http/exchange.ts";
import { readRetryAfter } from "../http/retry-after.ts";
import { shapeOf } from "./json-shape.ts";
import { parseJson } from "./schemas.ts";

/** One HTTP exchange with Kard, for metrics and logs. */
export interface KardCall {
  route: "create" | "legacy-create" | "status" | "token" | "subscriptions";
  ms: number;
  /** Absent if Kard did not answer. */
  status?: number | undefined;
  /** Why the call failed. */
  failure?: KardFailure | "unauthorized" | "throttled" | undefined;
  /** If the answer could not be interpreted: why, and its paths and types without its values. */
  notUnderstood?: { reason: AnswerDefect; shape: string[] } | undefined;
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
 * `delivered` is false only if Kard cannot have seen the request. `brokenOffStatus` is the status of an answer that
 * broke off.
 */
export type KardAnswer =
  | { answered: true; status: number; retryAfterMs: number | undefined; body: string }
  | { answered: false; reason: KardFailure; delivered: boolean; brokenOffStatus?: number | undefined };

/** Sends a request. `interpret` converts the answer; a `reason` marks an unusable answer. */
export type SendToKard = <Outcome extends { outcome: string; reason?: KardFailure }>(
  request: KardHttpRequest,
  interpret: (answer: KardAnswer) => Outcome,
) => Promise<Outcome>;

const maxAnswerBytes = 256 * 1024;
const maxRetryAfterMs = 60 * 60 * 1000;
const connectTimeoutMs = 3_000;

const connections = openConnections({ maxResponseSize: maxAnswerBytes, connect: { timeout: connectTimeoutMs } });

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

const answerDefects: readonly string[] = ["malformed-answer", "mismatched-answer", ...partialDefects];

/**
 * The HTTP transport to Kard. A request, including the whole body, takes at most `requestTimeoutMs`. Answers are
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
    let answer: KardAnswer;
    try {
      answer = answerOf(await exchange(connections, request, requestTimeoutMs), clock());
    } catch (error) {
      answer = error instanceof AnswerBrokeOff ? brokenOff(error, clock()) : noAnswerOf(error);
    }
    const outcome = interpret(answer);
    observe?.(kardCall(request.route, clock() - startedAt, answer, outcome));
    return outcome;
  };
}

/** Splits a URL without normalizing it: normalization would resolve dots in the path. */
export function splitUrl(url: string): Pick<KardHttpRequest, "origin" | "path"> {
  const [, origin = "", path = ""] = /^(https?:\/\/[^/?]+)(.*)$/.exec(url) ?? [];
  return { origin, path: path.startsWith("/") ? path : `/${path}` };
}

function answerOf({ statusCode, headers, body }: HttpAnswer, now: number): KardAnswer {
  const retryAfterMs = readRetryAfter(headers["retry-after"], now, maxRetryAfterMs);
  return { answered: true, status: statusCode, retryAfterMs, body: utf8.decode(body) };
}

/** An answer that is too long counts as answered. Of other incomplete answers only the status counts. */
function brokenOff({ answer, cause }: AnswerBrokeOff, now: number): KardAnswer {
  if (Object(cause).code === "UND_ERR_RES_EXCEEDED_MAX_SIZE")
    return answerOf({ ...answer, body: Buffer.alloc(0) }, now);
  return { ...noAnswerOf(cause), brokenOffStatus: answer.statusCode };
}

function noAnswerOf(error: unknown): Extract<KardAnswer, { answered: false }> {
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
  answer: KardAnswer,
  { outcome, reason }: { outcome: string; reason?: KardFailure },
): KardCall {
  const isRefused = outcome === "unauthorized" || outcome === "throttled";
  const failure = isRefused ? outcome : isPartialDefect(reason) ? undefined : reason;
  if (!answer.answered) return { route, ms, failure };
  const { status, body } = answer;
  return {
    ...{ route, ms, status },
    ...(failure !== undefined && { failure }),
    ...(isAnswerDefect(reason) && { notUnderstood: { reason, shape: shapeOf(parseJson(body)) } }),
  };
}

function isPartialDefect(reason: KardFailure | undefined): reason is PartialDefect {
  return reason !== undefined && partialDefects.includes(reason);
}

function isAnswerDefect(reason: KardFailure | undefined): reason is AnswerDefect {
  return reason !== undefined && answerDefects.includes(reason);
}
