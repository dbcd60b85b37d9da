import { type Audit, isOpen } from "../audits/audit.ts";
import type { KardStatuses, StatusOutcome } from "../kard/ports.ts";
import { type ApplyAndPublishDeps, applyAndPublish } from "./apply-and-publish.ts";
import { recheckAudit } from "./recheck-audit.ts";

export interface CheckDeps extends ApplyAndPublishDeps {
  kard: KardStatuses;
}

/** How soon the poller retries a check without a response, in milliseconds. */
const recheckAfterMs = 5_000;

/**
 * Reads one audit's status from Kard now, for a waiting caller or after a push. Without a response, the audit goes to
 * lane RECHECK, and the poller retries soon.
 */
export function checkAudit(deps: CheckDeps) {
  return async (audit: Audit): Promise<{ audit: Audit; kard: StatusOutcome["outcome"] | "not-called" }> => {
    if (!isOpen(audit.status) || audit.kardAuditId === undefined) return { audit, kard: "not-called" };
    const response = await deps.kard.getAudit(audit.organizationId, audit.kardAuditId, { statusOnly: true });
    if (response.outcome !== "known") {
      const wait =
        response.outcome === "throttled" ? Math.max(recheckAfterMs, response.retryAfterMs ?? 0) : recheckAfterMs;
      return { audit: await recheckAudit(deps, audit, deps.clock() + wait), kard: response.outcome };
    }
    return { audit: await applyAndPublish(deps)(audit, response.audit), kard: "known" };
  };
}
