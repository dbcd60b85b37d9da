import type { Audit } from "../core/audits/audit.ts";
import { changeAudit } from "../core/audits/change-audit.ts";
import type { AuditStore } from "../core/audits/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import type { PollPlan } from "../core/tracking/poll-plan.ts";

export interface MarkOverdueDeps {
  audits: AuditStore;
  clock: Clock;
  pollPlan: Pick<PollPlan, "overdueAfter">;
}

/**
 * Marks an audit as overdue, once, if Kard accepted it too long ago (or it was created too long ago without being
 * accepted).
 *
 * @returns the stored audit; a new object with an event to publish if it has just become overdue
 */
export function markOverdue(deps: MarkOverdueDeps) {
  return async (audit: Audit): Promise<Audit> => {
    const now = deps.clock();
    const isOverdue = now - (audit.acceptedAt ?? audit.createdAt) >= deps.pollPlan.overdueAfter;
    if (!isOverdue || audit.overdueAt !== undefined) return audit;
    const overdue = changeAudit(audit, "overdue", {}, now);
    if (overdue === undefined) return audit;
    return (await deps.audits.update(audit, overdue, ["status", "sequence"])) === "stale" ? audit : overdue;
  };
}
