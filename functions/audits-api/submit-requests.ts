import pMap from "p-map";
import type { Audit } from "../core/audits/audit.ts";
import { auditIdOfKey } from "../core/audits/idempotency.ts";
import { type SubmitDeps, submitFirst } from "../core/audits/submit-audit.ts";
import { submitLeaseMs } from "../core/audits/submit-backoff.ts";
import { leaveUnsent, type SubmitResult, submitResultOf } from "../core/audits/submit-retries.ts";
import type { AuditRequest } from "../core/kard/audit-request.ts";
import type { ReportError } from "../core/shared/ports.ts";

export interface SubmitRequestsDeps extends SubmitDeps {
  randomUuid: () => string;
  reportError: ReportError;
}

export interface SubmitRequestsInput {
  organizationId: string;
  userId: string | undefined;
  requests: readonly AuditRequest[];
  /** The caller's Idempotency-Key, and what makes a repeat the same request. */
  idempotency: { key: string; fingerprint: string } | undefined;
}

/** `not-stored`: the table did not take the audit, so nobody hands it to Kard. */
export type RequestResult = SubmitResult | { result: "not-stored" };

/**
 * One result a request, in their order, and whether the Idempotency-Key came with this request before; or that it came
 * with another.
 */
export type SubmitRequestsOutcome =
  | { outcome: "submitted"; results: RequestResult[]; isRepeat: boolean }
  | { outcome: "key-reused" };

const writesAtOnce = { concurrency: 10 };

/** No call to Kard begins later than this: the function must end well within its time, and the lanes do the rest. */
const lastCallAfterMs = 10_000;

/**
 * Stores audits and hands them to Kard, one call each. All are stored before the first call: from then on each reaches
 * Kard whatever happens here. With an Idempotency-Key the audit at position 0 is the lock: whoever finds it there calls
 * nobody and answers from what is stored.
 *
 * @throws when the first audit cannot be stored. After that, one that fails fails alone: everything begun is awaited,
 * and
 *   an audit whose call or write failed waits in its lane
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

  const handOver = async (audit: Audit, isCalling: boolean): Promise<SubmitResult> => {
    try {
      return await (isCalling ? submitFirst(deps)(audit) : leaveUnsent(deps)(audit));
    } catch (error) {
      deps.reportError(error);
      return submitResultOf(audit);
    }
  };

  return async (input: SubmitRequestsInput): Promise<SubmitRequestsOutcome> => {
    const start = deps.clock();
    const audits = input.requests.map((_, position) => newAudit(deps, input, position));
    const [first, ...others] = audits;
    if (first === undefined) return { outcome: "submitted", results: [], isRepeat: false };
    const lock = await deps.audits.create(first);
    const isRepeat = lock.outcome === "exists";
    if (isRepeat && lock.existing.fingerprint !== first.fingerprint) return { outcome: "key-reused" };
    const stored = [{ audit: first, creation: lock }, ...(await pMap(others, store, writesAtOnce))];
    // All calls begin together: they reserve their slots of Kard's rate limit together, and start as those say.
    const results = await Promise.all(
      stored.map(async ({ audit, creation }): Promise<RequestResult> => {
        if (creation === undefined) return { result: "not-stored" };
        if (creation.outcome === "exists") return submitResultOf(creation.existing);
        return handOver(audit, !isRepeat && deps.clock() - start <= lastCallAfterMs);
      }),
    );
    return { outcome: "submitted", results, isRepeat };
  };
}

function newAudit(deps: SubmitRequestsDeps, input: SubmitRequestsInput, position: number): Audit {
  const { organizationId, userId, requests, idempotency } = input;
  const now = deps.clock();
  return {
    organizationId,
    auditId: idempotency === undefined ? deps.randomUuid() : auditIdOfKey(organizationId, idempotency.key, position),
    ...(userId === undefined ? {} : { userId }),
    ...(idempotency === undefined ? {} : { fingerprint: idempotency.fingerprint }),
    request: requests[position] as AuditRequest,
    status: "SUBMITTING",
    submission: "unconfirmed",
    submitAttempts: 1,
    createdAt: now,
    sequence: 0,
    events: {},
    lane: "SUBMIT",
    laneAt: now + submitLeaseMs,
    leasedUntil: now + submitLeaseMs,
  };
}
