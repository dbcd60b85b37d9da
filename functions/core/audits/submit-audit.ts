import type { CreateOutcome, KardSubmissions, LostAudits } from "../kard/ports.ts";
import type { Clock } from "../shared/ports.ts";
import type { Audit, Submission } from "./audit.ts";
import type { AuditStore, KardAuditIds } from "./ports.ts";
import { recoverLostCreate } from "./recover-lost-create.ts";
import { acceptKardAudit, storeDecision } from "./store-decision.ts";
import { submitLeaseMs } from "./submit-backoff.ts";
import { type SubmitResult, scheduleRetry, submitResultOf, waitForKardId } from "./submit-retries.ts";

export interface SubmitDeps {
  audits: AuditStore;
  kardAuditIds: KardAuditIds;
  kard: KardSubmissions & LostAudits;
  clock: Clock;
  random: () => number;
}

type Refused = Extract<CreateOutcome, { outcome: "refused" }>;

/** What was known before this try. A result of this try says nothing about an earlier call. */
interface Before {
  submission: Submission;
  /** Whether a refusal needs an event because no caller waits for the response. */
  refusal: "refuse" | "reject";
}

/**
 * Submits a new audit to Kard while its caller waits. The audit must be in lane SUBMIT with a lease of `submitLeaseMs`,
 * so that the poller retries it after any failure.
 */
export function submitFirst(deps: SubmitDeps) {
  return async (audit: Audit): Promise<SubmitResult> => {
    const response = await deps.kard.createAudit(audit.organizationId, audit.userId, audit.request);
    return response.outcome === "refused"
      ? settle(deps, audit, "refuse", response)
      : conclude(deps, audit, response, { submission: "unsent", refusal: "refuse" });
  };
}

/**
 * Retries the submission of an audit in lane SUBMIT. It claims the audit first, so that no other function submits it at
 * the same time. An audit that Kard accepted without an id is not submitted again.
 *
 * @param known.notAtKard an operator has confirmed that Kard does not have the audit
 * @returns `undefined` if another function was faster
 */
export function submitAgain(deps: SubmitDeps) {
  return async (audit: Audit, known: { notAtKard?: true } = {}): Promise<SubmitResult | undefined> => {
    if (audit.acceptedWithoutIdAt !== undefined && !known.notAtKard) return waitForKardId(deps, audit);
    const leasedUntil = deps.clock() + submitLeaseMs;
    const { acceptedWithoutIdAt: _acceptedWithoutIdAt, ...rest } = audit;
    const claimed: Audit = {
      ...rest,
      submission: "unconfirmed",
      submitAttempts: audit.submitAttempts + 1,
      laneAt: leasedUntil,
      leasedUntil,
    };
    // The attempts are checked too: a lease may end at the exact time of the next try.
    const claim = await deps.audits.update(audit, claimed, ["status", "laneAt", "submitAttempts"]);
    if (claim === "stale") return undefined;
    const before: Before = { submission: known.notAtKard ? "unsent" : audit.submission, refusal: "reject" };
    const response = await deps.kard.createAudit(audit.organizationId, audit.userId, audit.request);
    if (response.outcome !== "refused") return conclude(deps, claimed, response, before);
    if (response.status !== 409 || before.submission !== "unconfirmed")
      return settle(deps, claimed, "reject", response);
    return (await recoverLostCreate(deps, claimed, response)) ?? settle(deps, claimed, "reject", response);
  };
}

async function conclude(
  deps: SubmitDeps,
  audit: Audit,
  response: Exclude<CreateOutcome, Refused>,
  before: Before,
): Promise<SubmitResult> {
  switch (response.outcome) {
    case "accepted":
      return accept(deps, audit, response.kardAuditId, before);
    case "accepted-without-id":
      return waitForKardId(deps, audit);
    case "unanswered":
      return scheduleRetry(deps, audit, response.outcome, "unconfirmed", response.retryAfterMs);
    case "throttled":
      return scheduleRetry(deps, audit, response.outcome, before.submission, response.retryAfterMs);
    case "unsent":
    case "unauthorized":
      return scheduleRetry(deps, audit, response.outcome, before.submission);
  }
}

async function accept(deps: SubmitDeps, audit: Audit, kardAuditId: string, before: Before): Promise<SubmitResult> {
  const accepted = await acceptKardAudit(deps, audit, kardAuditId);
  if (accepted.result === "stored") return submitResultOf(accepted.audit);
  // Kard may answer two identical creates with one audit. Both follow it if they belong to the same issuer.
  return accepted.owner.organizationId === audit.organizationId
    ? submitResultOf(await storeDecision(deps, audit, "accept", { kardAuditId }))
    : settle(deps, audit, before.refusal, anothersAudit);
}

const anothersAudit: Refused = {
  outcome: "refused",
  status: 409,
  errors: [{ status: "409", title: "Conflict Error", detail: "Kard already has this audit for another issuer" }],
};

async function settle(
  deps: SubmitDeps,
  audit: Audit,
  name: "refuse" | "reject",
  { status, errors }: Refused,
): Promise<SubmitResult> {
  return submitResultOf(await storeDecision(deps, audit, name, { refusal: { status, errors } }));
}
