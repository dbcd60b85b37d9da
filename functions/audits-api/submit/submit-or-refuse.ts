import { httpError } from "../../platform/http-error.ts";
import { keyReusedDetail } from "./idempotency-lock.ts";
import { type SubmitRequestsDeps, type SubmitRequestsInput, submitRequests } from "./submit-requests.ts";

/**
 * Submits a request's audits.
 *
 * @throws HttpError 422 if its Idempotency-Key was used with another request
 */
export function submitOrRefuse(deps: SubmitRequestsDeps) {
  return async (input: SubmitRequestsInput) => {
    const outcome = await submitRequests(deps)(input);
    if (outcome.outcome === "submitted") return outcome;
    throw httpError(422, keyReusedDetail, { header: "Idempotency-Key" });
  };
}

/** Marks a replayed response, with the header name that Stripe's API uses. */
export function repeatHeader(isRepeat: boolean): Record<string, string> {
  return isRepeat ? { "idempotent-replayed": "true" } : {};
}
