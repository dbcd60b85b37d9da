import type { Audit } from "../core/audit.ts";
import { changeAudit } from "../core/change-audit.ts";
import type { PollPlan } from "../core/poll-plan.ts";
import type { AuditStore, Clock } from "../core/ports.ts";

export interface MarkOverdueDeps {
  audits: AuditStore;
  clock: Clock;
  pollPlan: Pick<PollPlan, "overdueAfter">;
}

/**
 * Notes once that an audit is overdue, if it is: so long after Kard accepted it, or after it came if Kard has not.
 *
 * @returns the audit as it stands then; a new one, with an event to publish, if it has just become overdue
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
