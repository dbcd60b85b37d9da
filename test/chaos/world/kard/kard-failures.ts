import type { CreateOutcome, StatusOutcome } from "../../../../functions/core/kard/ports.ts";

/** The response to a create while status calls get this response. */
export function createIn(response: StatusOutcome): CreateOutcome {
  switch (response.outcome) {
    case "throttled":
    case "unauthorized":
      return response;
    case "failed":
    case "not-understood":
      return { outcome: "unanswered", reason: response.reason };
    case "known":
    case "missing":
      throw new Error(`${response.outcome} is no trouble`);
  }
}

export function refused(status: number, detail: string, id?: string): CreateOutcome {
  const error = { status: String(status), title: "refused", detail, ...(id === undefined ? {} : { id }) };
  return { outcome: "refused", status, errors: [error] };
}
