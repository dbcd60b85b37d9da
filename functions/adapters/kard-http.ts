import type { KardFailure } from "../core/kard-ports.ts";
import type { Clock } from "../core/ports.ts";
import { AnswerBrokeOff, DeadlinePassed, exchange, type HttpAnswer, openConnections } from "./http-exchange.ts";
import { readRetryAfter } from "./retry-after.ts";

/** One HTTP exchange with Kard, for metrics. `status` is there when Kard answered, `failure` when that was no use. */
export interface KardCall {
  route: "create" | "legacy-create" | "status" | "token" | "notifications" | "subscriptions";
  ms: number;
  status?: number | undefined;
  failure?: KardFailure | undefined;
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

/** `delivered` is false only if Kard cannot have seen the request. */
export type KardAnswer =
  | { answered: true; status: number; retryAfterMs: number | undefined; body: string }
  | { answered: false; reason: KardFailure; delivered: boolean };

/** Sends a request; `interpret` says what its answer means, with a `reason` where the answer is no use. */
type SendToKard = <Outcome extends { outcome: string; reason?: KardFailure }>(
  request: KardHttpRequest,
  interpret: (answer: KardAnswer) => Outcome,
) => Promise<Outcome>;

const maxAnswerBytes = 256 * 1024;
const longestRetryAfterMs = 60 * 60 * 1000;
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

const unreadable = new Set(["UND_ERR_RES_EXCEEDED_MAX_SIZE", "UND_ERR_HEADERS_OVERFLOW"]);

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
      answer = noAnswerOf(error instanceof AnswerBrokeOff ? error.cause : error);
    }
    const outcome = interpret(answer);
    observe?.({
      route: request.route,
      ms: clock() - startedAt,
      status: answer.answered ? answer.status : undefined,
      failure: outcome.reason,
    });
    return outcome;
  };
}

/** A URL as origin and path, of which a normalized URL would resolve the dots. */
export function splitUrl(url: string): Pick<KardHttpRequest, "origin" | "path"> {
  const [, origin = "", path = ""] = /^(https?:\/\/[^/?]+)(.*)$/.exec(url) ?? [];
  return { origin, path: path.startsWith("/") ? path : `/${path}` };
}

function answerOf({ statusCode, headers, body }: HttpAnswer, now: number): KardAnswer {
  const retryAfterMs = readRetryAfter(headers["retry-after"], now, longestRetryAfterMs);
  return { answered: true, status: statusCode, retryAfterMs, body: utf8.decode(body) };
}

function noAnswerOf(error: unknown): KardAnswer {
  const { name, code }: { name?: unknown; code?: unknown } = Object(error);
  return {
    answered: false,
    reason: error instanceof DeadlinePassed ? "timeout" : failureOf(String(name), String(code)),
    delivered: !neverConnected.has(String(code)),
  };
}

function failureOf(name: string, code: string): KardFailure {
  if (code.endsWith("_TIMEOUT")) return "timeout";
  if (name === "HTTPParserError" || unreadable.has(code)) return "malformed-answer";
  return "connection";
}
