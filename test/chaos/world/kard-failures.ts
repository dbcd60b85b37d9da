import type { CreateOutcome, StatusOutcome } from "../../../functions/core/kard/ports.ts";

/** The answer to a create while status calls get this answer. */
export function createIn(answer: StatusOutcome): CreateOutcome {
  switch (answer.outcome) {
    case "throttled":
    case "unauthorized":
      return answer;
    case "failed":
    case "not-understood":
      return { outcome: "unanswered", reason: answer.reason };
    case "known":
    case "missing":
      throw new Error(`${answer.outcome} is no trouble`);
  }
}

export function refused(status: number, detail: string, id?: string): CreateOutcome {
  const error = { status: String(status), title: "refused", detail, ...(id === undefined ? {} : { id }) };
  return { outcome: "refused", status, errors: [error] };
}
