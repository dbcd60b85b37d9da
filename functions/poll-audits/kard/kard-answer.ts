import type { CreateOutcome, KardFailure, StatusOutcome } from "../../core/kard/ports.ts";
import type { CallResult } from "./kard-circuit-breaker.ts";

/** Classifies Kard's answer for the circuit breaker; `undefined` if no call was made. */
export function classifyAnswer(answer: StatusOutcome | CreateOutcome | undefined): CallResult {
  switch (answer?.outcome) {
    case undefined:
      return { result: "not-made" };
    case "known":
    case "missing":
    case "not-understood":
    case "accepted":
    case "accepted-without-id":
    case "refused":
      return { result: "answered" };
    case "throttled":
      return { result: "throttled", retryAfterMs: answer.retryAfterMs };
    case "unauthorized":
      return { result: "failed", reason: "unauthorized" };
    case "failed":
    case "unsent":
    case "unanswered":
      return { result: "failed", reason: reasonOf(answer.reason) };
  }
}

function reasonOf(reason: KardFailure): Extract<CallResult, { result: "failed" }>["reason"] {
  switch (reason) {
    case "timeout":
      return "hanging";
    case "connection":
      return "unreachable";
    case "server-error":
    case "malformed-answer":
    case "mismatched-answer":
    case "unknown-status":
    case "unreadable-resolution":
      return "server-errors";
  }
}

/** Wraps a call to Kard and keeps its last answer. A step may end without a call. */
export function keepAnswer<Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) {
  let answer: Answer | undefined;
  return {
    async call(...given: Given): Promise<Answer> {
      answer = await call(...given);
      return answer;
    },
    answered: () => answer,
  };
}
