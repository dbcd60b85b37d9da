import { type Audit, isOpen } from "../audits/audit.ts";
import type { KardStatuses, StatusOutcome } from "../kard/ports.ts";
import { type FollowAndPublishDeps, followAndPublish } from "./follow-and-publish.ts";
import { recheckAudit } from "./recheck-audit.ts";

export interface CheckDeps extends FollowAndPublishDeps {
  kard: KardStatuses;
}

/** How soon an audit whose check brought no answer is polled by itself, in milliseconds. */
const recheckAfterMs = 5_000;

/**
 * Asks Kard about one audit now, for somebody who waits or because Kard has said that it changed. Without an answer
 * the audit goes to lane RECHECK, so that the poller asks again soon.
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
