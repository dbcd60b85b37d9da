import type { Audit } from "../core/audits/audit.ts";
import type { AuditStore } from "../core/audits/ports.ts";
import type { KardAudit, KardStatuses } from "../core/kard/ports.ts";
import { publishBestEffort } from "../core/publishing/publish-best-effort.ts";
import type { PublishDeps } from "../core/publishing/publish-events.ts";
import { applyKardStatus } from "../core/tracking/apply-kard-status.ts";
import type { LaneRow } from "../core/tracking/ports.ts";
import { recheckLater } from "../core/tracking/recheck-audit.ts";
import type { IssuerCalls } from "./kard/kard-calls.ts";
import { classifyResponse } from "./kard/kard-response.ts";
import { type MarkDueDeps, markDue, newlyOverdue } from "./mark-due.ts";
import type { WorkResult } from "./tick-counts.ts";
import { type RowResult, unprocessedRow } from "./work-page.ts";

export interface PollOneDeps extends MarkDueDeps, Omit<PublishDeps, "audits"> {
  audits: AuditStore;
  kard: KardStatuses;
  /** Absent if follow-ups are turned off. */
  followUpAfterMs?: number | undefined;
}

const unchanged: RowResult = { row: "done", counts: { polled: 1 }, errors: [] };

/**
 * Polls one audit of a lane. If Kard shows no change, it costs only the call, unless the audit is due soon or overdue.
 * If the call fails, the audit goes to lane RECHECK, and Kard's next response returns it to the plan.
 */
export function pollOne(deps: PollOneDeps, calls: IssuerCalls, lane: "OPEN" | "RECHECK") {
  const caller = lane === "OPEN" ? "plan" : "retry";
  return async (row: LaneRow): Promise<RowResult> => {
    const { organizationId, kardAuditId } = row;
    if (kardAuditId === undefined) throw new Error("an audit in a polled lane has no Kard id");
    const ask = () => deps.kard.getAudit(organizationId, kardAuditId, { statusOnly: true });
    const response = await calls.call(caller, ask, classifyResponse);
    if (response === "stopped") return unprocessedRow;
    switch (response.outcome) {
      case "known":
        if (lane === "RECHECK" || hasProgressed(row, response.audit)) return follow(deps, row, response.audit);
        return isOld(deps, row) ? { ...unchanged, ...withCount("polled", await checkDue(deps, row)) } : unchanged;
      case "throttled":
        return unprocessedRow;
      case "missing":
      case "failed":
      case "not-understood":
      case "unauthorized": {
        await recheckLater(deps, row, response.outcome === "missing");
        const marked = lane === "RECHECK" || isOld(deps, row) ? await checkDue(deps, row) : nothing;
        return { row: "done", ...withCount(response.outcome === "missing" ? "missing" : "failed", marked) };
      }
    }
  };
}

const nothing: WorkResult = { counts: {}, errors: [] };

function withCount(name: "polled" | "missing" | "failed", { counts, errors }: WorkResult): WorkResult {
  return { counts: { ...counts, [name]: 1 }, errors };
}

/**
 * An unknown status always counts as progress: the audit leaves the plan with it and returns with the next known one.
 */
const rank = { SUBMITTING: 0, NEW: 1, IN_PROGRESS: 2, CLOSED: 3, REJECTED: 3, UNKNOWN: 4 };

function hasProgressed(row: LaneRow, { status }: KardAudit): boolean {
  return rank[status] > rank[row.status];
}

/** Whether an audit of lane OPEN, whose `laneAt` is its acceptance time, is old enough to be due soon. */
function isOld({ clock, pollPlan }: PollOneDeps, { laneAt, dueAt }: LaneRow): boolean {
  return clock() >= (dueAt ?? laneAt + pollPlan.overdueAfter) - (pollPlan.dueSoonBefore ?? 0);
}

async function follow(deps: PollOneDeps, row: LaneRow, kardAudit: KardAudit): Promise<RowResult> {
  const applied = await applyKardStatus(deps)(row, kardAudit);
  if (applied.result === "gone") return unchanged;
  const changed = applied.result === "changed" ? 1 : 0;
  const audit = await markDue(deps)(applied.audit);
  const overdue = newlyOverdue(applied.audit, audit);
  const isMarked = audit !== applied.audit;
  const errors = changed > 0 || isMarked ? await publish(deps, audit) : [];
  return { row: "done", counts: { polled: 1, changed, overdue }, errors };
}

async function checkDue(deps: PollOneDeps, row: LaneRow): Promise<WorkResult> {
  const stored = await deps.audits.get(row);
  if (stored === undefined) return nothing;
  const audit = await markDue(deps)(stored);
  if (audit === stored) return nothing;
  return { counts: { overdue: newlyOverdue(stored, audit) }, errors: await publish(deps, audit) };
}

async function publish(deps: PollOneDeps, audit: Audit): Promise<unknown[]> {
  const errors: unknown[] = [];
  await publishBestEffort({ ...deps, reportError: (error) => errors.push(error) })(audit);
  return errors;
}
