import type { CircuitOpenReason } from "../../core/tracking/ports.ts";

/**
 * `plan`: a call for an audit that the poll plan makes due. `retry`: a call for lane RECHECK or SUBMIT. `follow-up`: a
 * call for lane FOLLOWUP.
 */
export type Caller = "plan" | "retry" | "follow-up";

/** What a call says about Kard. A `failed` call may be a problem of the audit or of the whole issuer. */
export type CallResult =
  | { result: "answered" | "not-made" }
  | { result: "throttled"; retryAfterMs: number | undefined }
  | { result: "failed"; reason: Exclude<CircuitOpenReason, "throttled"> };

/** Decides whether an issuer's calls may be made. It lives for one tick. */
export interface CircuitBreaker {
  /** `probing`: one call at a time until Kard answers. `closed`: calls are made. `open`: no calls are made. */
  state(): "probing" | "closed" | "open";
  isOpenTo(caller: Caller): boolean;
  record(caller: Caller, result: CallResult): void;
  /** Why it opened. */
  failure(): { reason: CircuitOpenReason; retryAfterMs: number } | undefined;
  /** Resolves when Kard has answered or the breaker has opened. */
  readonly decided: Promise<void>;
}

/** This many failed calls in a row are a problem of the issuer, not of single audits. */
const maxFailuresInARow = 10;

/**
 * A circuit breaker for one issuer. A 429 opens it. While it is probing, a failed call of the plan opens it, and so
 * does any failed call if the last tick left it open. Otherwise it opens after ten failures in a row. Once Kard has
 * answered, failed retries stop only retries: audits that Kard cannot return must not stop the plan in every tick.
 * Failed and throttled follow-ups stop only follow-ups, and answered ones do not close a circuit that the last tick
 * left open: they call another part of Kard's API.
 */
export function circuitBreaker({ wasOpen }: { wasOpen: boolean }): CircuitBreaker {
  const decided = Promise.withResolvers<void>();
  const failuresInARow: Record<Caller, number> = { plan: 0, retry: 0, "follow-up": 0 };
  let state: ReturnType<CircuitBreaker["state"]> = "probing";
  let failure: ReturnType<CircuitBreaker["failure"]>;

  const decide = (next: "closed" | "open") => {
    state = next;
    decided.resolve();
  };
  const opensBy = (caller: Caller) => {
    if (caller === "follow-up") return false;
    const isProbe = state === "probing" && (caller === "plan" || wasOpen);
    const counts = state === "probing" ? [failuresInARow.plan, failuresInARow.retry] : [failuresInARow.plan];
    return isProbe || counts.some((failures) => failures >= maxFailuresInARow);
  };

  return {
    decided: decided.promise,
    state: () => state,
    failure: () => failure,
    isOpenTo: (caller) => state === "open" || failuresInARow[caller] >= maxFailuresInARow,
    record(caller, call) {
      if (state === "open") return;
      switch (call.result) {
        case "not-made":
          return;
        case "answered":
          failuresInARow["follow-up"] = 0;
          // It says nothing about the part of Kard's API that has failed.
          if (caller === "follow-up" && wasOpen) return;
          failuresInARow.plan = 0;
          failuresInARow.retry = 0;
          return decide("closed");
        case "throttled":
          if (caller === "follow-up") {
            failuresInARow[caller] = maxFailuresInARow;
            return;
          }
          failure = { reason: "throttled", retryAfterMs: call.retryAfterMs ?? 0 };
          return decide("open");
        case "failed":
          failuresInARow[caller]++;
          if (!opensBy(caller)) return;
          failure = { reason: call.reason, retryAfterMs: 0 };
          return decide("open");
      }
    },
  };
}
