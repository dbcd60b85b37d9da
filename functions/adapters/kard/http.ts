import type { AnswerDefect, KardFailure } from "../../core/kard/ports.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { AnswerBrokeOff, DeadlinePassed, exchange, type HttpAnswer, openConnections } from "../http/exchange.ts";
import { readRetryAfter } from "../http/retry-after.ts";
import { shapeOf } from "./json-shape.ts";
import { parseJson } from "./schemas.ts";

/** One HTTP exchange with Kard, for metrics and logs. */
export interface KardCall {
  route: "create" | "legacy-create" | "status" | "token" | "notifications" | "subscriptions";
  ms: number;
  /** There when Kard answered. */
  status?: number | undefined;
  /** Why the call brought nothing. */
  failure?: KardFailure | "unauthorized" | "throttled" | undefined;
  /** There when the answer, or a part of it, was not understood: why, and its paths and types without its values. */
  notUnderstood?: { reason: AnswerDefect; shape: string[] } | undefined;
}

export interface KardHttpRequest {
  route: KardCall["route"];
  method: "GET" | "POST" | "PATCH";
  /** Scheme, host and port. */
  origin: string;
  /** All of the URL that is behind its origin; it is sent as it is. */
  path: string;
  headers: Record<string, string>;
  body?: string | null;
}

/**
 * `delivered` is false only if Kard cannot have seen the request; `brokenOffStatus` is there if its answer broke off.
 */
export type KardAnswer =
  | { answered: true; status: number; retryAfterMs: number | undefined; body: string }
  | { answered: false; reason: KardFailure; delivered: boolean; brokenOffStatus?: number | undefined };

/** Sends a request; `interpret` says what its answer means, with a `reason` where the answer is no use. */
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

const answerDefects: readonly string[] = [
  "malformed-answer",
  "mismatched-answer",
  "unknown-status",
] satisfies AnswerDefect[];

/**
 * Makes the one way to reach Kard over HTTP. A request, its whole body included, takes at most `requestTimeoutMs`; an
 * answer is cut off at 256 KB; redirects are answers like any other. Never throws for what the network does.
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

/** A URL as origin and path, of which a normalized URL would resolve the dots. */
export function splitUrl(url: string): Pick<KardHttpRequest, "origin" | "path"> {
  const [, origin = "", path = ""] = /^(https?:\/\/[^/?]+)(.*)$/.exec(url) ?? [];
  return { origin, path: path.startsWith("/") ? path : `/${path}` };
}

function answerOf({ statusCode, headers, body }: HttpAnswer, now: number): KardAnswer {
  const retryAfterMs = readRetryAfter(headers["retry-after"], now, maxRetryAfterMs);
  return { answered: true, status: statusCode, retryAfterMs, body: utf8.decode(body) };
}

/** An answer that is too long to be read is an answer all the same; of any other that breaks off, the status counts. */
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

/** An exchange as it is observed: what its answer was, and what that was found to mean. */
export function kardCall(
  route: KardCall["route"],
  ms: number,
  answer: KardAnswer,
  { outcome, reason }: { outcome: string; reason?: KardFailure },
): KardCall {
  const isRefused = outcome === "unauthorized" || outcome === "throttled";
  const failure = isRefused ? outcome : reason === "unknown-status" ? undefined : reason;
  if (!answer.answered) return { route, ms, failure };
  const { status, body } = answer;
  return {
    ...{ route, ms, status },
    ...(failure !== undefined && { failure }),
    ...(isAnswerDefect(reason) && { notUnderstood: { reason, shape: shapeOf(parseJson(body)) } }),
  };
}

function isAnswerDefect(reason: KardFailure | undefined): reason is AnswerDefect {
  return reason !== undefined && answerDefects.includes(reason);
}
