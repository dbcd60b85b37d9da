import { type Audit, isOpen } from "../audits/audit.ts";
import type { KardStatuses, StatusOutcome } from "../kard/ports.ts";
import { type FollowAndPublishDeps, followAndPublish } from "./follow-and-publish.ts";
import { recheckAudit } from "./recheck-audit.ts";

export interface CheckDeps extends FollowAndPublishDeps {
  kard: KardStatuses;
}

/** How soon the poller retries a check without an answer, in milliseconds. */
const recheckAfterMs = 5_000;

/**
 * Reads one audit's status from Kard now, for a waiting caller or after a push. Without an answer, the audit goes to
 * lane RECHECK, and the poller retries soon.
 */
export function checkAudit(deps: CheckDeps) {
  return async (audit: Audit): Promise<{ audit: Audit; kard: StatusOutcome["outcome"] | "not-called" }> => {
    if (!isOpen(audit.status) || audit.kardAuditId === undefined) return { audit, kard: "not-called" };
    const answer = await deps.kard.getAudit(audit.organizationId, audit.kardAuditId);
    if (answer.outcome !== "known") {
      const wait = answer.outcome === "throttled" ? Math.max(recheckAfterMs, answer.retryAfterMs ?? 0) : recheckAfterMs;
      return { audit: await recheckAudit(deps, audit, deps.clock() + wait), kard: answer.outcome };
    }
    return { audit: await followAndPublish(deps)(audit, answer.audit), kard: "known" };
  };
}
