import pMap from "p-map";
import { type Annotations, changedAnnotations } from "../../core/audits/annotations.ts";
import type { Audit } from "../../core/audits/audit.ts";
import { type SubmitDeps, submitFirst } from "../../core/audits/submit-audit.ts";
import { submitLeaseMs } from "../../core/audits/submit-backoff.ts";
import { leaveUnsent, type SubmitResult, submitResultOf } from "../../core/audits/submit-retries.ts";
import type { AuditRequest } from "../../core/kard/audit-request.ts";
import type { ReportError } from "../../core/shared/ports.ts";
import type { PollPlan } from "../../core/tracking/poll-plan.ts";
import { type AuditIdsDeps, auditIdsOf } from "../audit-ids.ts";
import { takeIdempotencyLock } from "./idempotency-lock.ts";

export interface SubmitRequestsDeps extends SubmitDeps, AuditIdsDeps {
  audits: SubmitDeps["audits"];
  reportError: ReportError;
  pollPlan: Pick<PollPlan, "overdueAfter">;
}

export interface SubmitRequestsInput {
  organizationId: string;
  userId: string | undefined;
  requests: readonly (AuditRequest & Annotations)[];
  /** The caller's Idempotency-Key, and the fingerprint of its request. */
  idempotency: { key: string; fingerprint: string } | undefined;
  /** The request's fingerprint, to detect a duplicate without a key. */
  fingerprint?: string | undefined;
}

/**
 * `not-stored`: the table did not accept the audit. `key-reused`: the first audit of an earlier request with the key
 * has expired, and another audit of that request still has this position. Neither is submitted.
 */
export type RequestResult = SubmitResult | { result: "not-stored" | "key-reused" };

/**
 * One result per request in order, and whether the same request came before, with the Idempotency-Key or as a
 * duplicate; or that the key was used with another request.
 */
export type SubmitRequestsOutcome =
  | { outcome: "submitted"; results: RequestResult[]; isRepeat: boolean }
  | { outcome: "key-reused" };

const writesAtOnce = { concurrency: 10 };

/** No call to Kard starts later than this, in milliseconds. The lanes do the rest. */
const lastCallAfterMs = 10_000;

/**
 * Stores audits and submits each of them to Kard. All are stored before the first call, so each reaches Kard even if
 * this invocation fails. The audit at position 0 is the lock of a request with an Idempotency-Key, and of duplicates
 * without one: a request that finds it stored makes no call and answers from the table.
 *
 * @throws if the first audit cannot be stored. Later errors affect only their audit: everything that started is
 *   awaited, and an audit whose call or write failed stays in its lane
 */
export function submitRequests(deps: SubmitRequestsDeps) {
  const store = async (audit: Audit) => {
    try {
      return { audit, creation: await deps.audits.create(audit) };
    } catch (error) {
      deps.reportError(error);
      return { audit, creation: undefined };
    }
  };

  const submit = async (audit: Audit, isCalling: boolean): Promise<SubmitResult> => {
    try {
      return await (isCalling ? submitFirst(deps)(audit) : leaveUnsent(deps)(audit));
    } catch (error) {
      deps.reportError(error);
      return submitResultOf(audit);
    }
  };

  return async (input: SubmitRequestsInput): Promise<SubmitRequestsOutcome> => {
    const start = deps.clock();
    const ids = await auditIdsOf(deps)(input, input.requests.length);
    const audits = ids.map((auditId, position) => newAudit(deps, input, auditId, position));
    const [first, ...others] = audits;
    if (first === undefined) return { outcome: "submitted", results: [], isRepeat: false };
    const lock = await takeIdempotencyLock(deps.audits, first);
    if (lock === "key-reused") return { outcome: "key-reused" };
    const { creation, isRepeat } = lock;
    const stored = [{ audit: first, creation }, ...(await pMap(others, store, writesAtOnce))];
    // All calls start together, so they reserve their slots of Kard's rate limit together.
    const results = await Promise.all(
      stored.map(async ({ audit, creation }): Promise<RequestResult> => {
        if (creation === undefined) return { result: "not-stored" };
        if (creation.outcome === "exists") {
          const { existing } = creation;
          return existing.fingerprint === audit.fingerprint ? submitResultOf(existing) : { result: "key-reused" };
        }
        return submit(audit, !isRepeat && deps.clock() - start <= lastCallAfterMs);
      }),
    );
    return { outcome: "submitted", results, isRepeat };
  };
}

function newAudit(deps: SubmitRequestsDeps, input: SubmitRequestsInput, auditId: string, position: number): Audit {
  const { organizationId, userId, requests, idempotency } = input;
  const now = deps.clock();
  const { reference, metadata = {}, ...request } = requests[position] as AuditRequest & Annotations;
  return {
    organizationId,
    auditId,
    ...(userId === undefined ? {} : { userId }),
    ...(idempotency === undefined ? {} : { fingerprint: idempotency.fingerprint }),
    request,
    ...changedAnnotations({}, { reference, metadata }),
    status: "SUBMITTING",
    submission: "unconfirmed",
    submitAttempts: 1,
    createdAt: now,
    dueAt: now + deps.pollPlan.overdueAfter,
    sequence: 0,
    events: {},
    lane: "SUBMIT",
    laneAt: now + submitLeaseMs,
    leasedUntil: now + submitLeaseMs,
  };
}
