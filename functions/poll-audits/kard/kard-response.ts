import type { CreateOutcome, KardFailure, RewardsOutcome, StatusOutcome } from "../../core/kard/ports.ts";
import type { CallResult } from "./kard-circuit-breaker.ts";

/** Classifies Kard's response for the circuit breaker; `undefined` if no call was made. */
export function classifyResponse(response: StatusOutcome | CreateOutcome | RewardsOutcome | undefined): CallResult {
  switch (response?.outcome) {
    case undefined:
      return { result: "not-made" };
    case "known":
    case "page":
    case "forbidden":
    case "missing":
    case "not-understood":
    case "accepted":
    case "accepted-without-id":
    case "refused":
      return { result: "answered" };
    case "throttled":
      return { result: "throttled", retryAfterMs: response.retryAfterMs };
    case "unauthorized":
      return { result: "failed", reason: "unauthorized" };
    case "failed":
    case "unsent":
    case "unanswered":
      return { result: "failed", reason: reasonOf(response.reason) };
  }
}

function reasonOf(reason: KardFailure): Extract<CallResult, { result: "failed" }>["reason"] {
  switch (reason) {
    case "timeout":
      return "hanging";
    case "connection":
      return "unreachable";
    case "server-error":
    case "malformed-response":
    case "mismatched-response":
    case "unknown-status":
    case "unreadable-resolution":
      return "server-errors";
  }
}

/** Wraps a call to Kard and keeps its last response. A step may end without a call. */
export function keepResponse<Given extends unknown[], Response>(call: (...given: Given) => Promise<Response>) {
  let response: Response | undefined;
  return {
    async call(...given: Given): Promise<Response> {
      response = await call(...given);
      return response;
    },
    answered: () => response,
  };
}
