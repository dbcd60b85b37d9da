import type { Audit } from "../core/audits/audit.ts";
import { changeAudit } from "../core/audits/change-audit.ts";
import type { AuditStore } from "../core/audits/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import type { PollPlan } from "../core/tracking/poll-plan.ts";

export interface MarkDueDeps {
  audits: AuditStore;
  clock: Clock;
  pollPlan: Pick<PollPlan, "overdueAfter" | "dueSoonBefore">;
}

/**
 * Marks an open audit as due soon, once, and as overdue, once, when the time has come. An overdue audit is not marked
 * as due soon.
 *
 * @returns the stored audit; a new object with an event to publish if it was just marked
 */
export function markDue(deps: MarkDueDeps) {
  return async (audit: Audit): Promise<Audit> => {
    const now = deps.clock();
    const { overdueAfter, dueSoonBefore } = deps.pollPlan;
    const dueAt = audit.dueAt ?? (audit.acceptedAt ?? audit.createdAt) + overdueAfter;
    const isSoon = dueSoonBefore !== undefined && now >= dueAt - dueSoonBefore;
    let marked: Audit | undefined;
    if (audit.overdueAt !== undefined) return audit;
    if (now >= dueAt) marked = changeAudit(audit, "overdue", {}, now);
    else if (isSoon && audit.dueSoonAt === undefined) marked = changeAudit(audit, "dueSoon", {}, now);
    if (marked === undefined) return audit;
    return (await deps.audits.update(audit, marked, ["status", "sequence"])) === "stale" ? audit : marked;
  };
}

/** Whether an audit became overdue between two versions: 0 or 1. */
export function newlyOverdue(before: Audit, after: Audit): number {
  return before.overdueAt === after.overdueAt ? 0 : 1;
}
