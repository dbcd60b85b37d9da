import pMap from "p-map";
import type { Audit, AuditRequest } from "../core/audit.ts";
import { auditIdOfKey } from "../core/idempotency.ts";
import { type SubmitDeps, type SubmitResult, submitFirst, submitResultOf } from "../core/submit-audit.ts";
import { submitLeaseMs } from "../core/submit-backoff.ts";

export interface SubmitRequestsDeps extends SubmitDeps {
  randomUuid: () => string;
}

export interface SubmitRequestsInput {
  organizationId: string;
  userId: string | undefined;
  requests: readonly AuditRequest[];
  /** The caller's Idempotency-Key, and what makes a repeat the same request. */
  idempotency: { key: string; fingerprint: string } | undefined;
}

/**
 * One result a request, in their order, and whether the Idempotency-Key came with this request before; or the word that
 * it came with another.
 */
export type SubmitRequestsOutcome =
  | { outcome: "submitted"; results: SubmitResult[]; isRepeat: boolean }
  | { outcome: "key-was-used-otherwise" };

const writesAtOnce = 10;

/** No call to Kard begins later than this: the function must end well within its time, and the lanes do the rest. */
const lastCallAfterMs = 10_000;

/**
 * Stores audits and hands them to Kard, one call each. All are stored before the first call: from then on each reaches
 * Kard whatever happens here. With an Idempotency-Key the audit at position 0 is the lock: whoever finds it there calls
 * nobody and answers from what is stored.
 */
export function submitRequests(deps: SubmitRequestsDeps) {
  return async (input: SubmitRequestsInput): Promise<SubmitRequestsOutcome> => {
    const start = deps.clock();
    const audits = input.requests.map((_, position) => newAudit(deps, input, position));
    const [first, ...others] = audits;
    if (first === undefined) return { outcome: "submitted", results: [], isRepeat: false };
    const lock = await deps.audits.create(first);
    if (lock.outcome === "exists" && lock.existing.fingerprint !== first.fingerprint) {
      return { outcome: "key-was-used-otherwise" };
    }
    const stored = [
      { audit: first, creation: lock },
      ...(await pMap(others, async (audit) => ({ audit, creation: await deps.audits.create(audit) }), {
        concurrency: writesAtOnce,
      })),
    ];
    const submit = submitFirst(deps);
    // All calls begin together: they reserve their slots of Kard's rate limit together, and start as those say.
    const results = await Promise.all(
      stored.map(async ({ audit, creation }): Promise<SubmitResult> => {
        if (creation.outcome === "exists") return submitResultOf(creation.existing);
        const late = deps.clock() - start > lastCallAfterMs;
        return late || lock.outcome === "exists" ? submitResultOf(audit) : submit(audit);
      }),
    );
    return { outcome: "submitted", results, isRepeat: lock.outcome === "exists" };
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
  };
}
