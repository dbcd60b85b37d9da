import { followAudit } from "../core/follow-audit.ts";
import type { KardAudit, KardStatuses, StatusOutcome } from "../core/kard-ports.ts";
import type { AuditStore, LaneRow } from "../core/ports.ts";
import type { PublishDeps } from "../core/publish-events.ts";
import { recheckLater } from "../core/recheck-audit.ts";
import type { KardGate, Verdict } from "./kard-gate.ts";
import { type MarkOverdueDeps, markOverdue } from "./mark-overdue.ts";
import { publishOrLeave } from "./publish-or-leave.ts";
import type { Tally } from "./tally.ts";

export interface PollOneDeps extends MarkOverdueDeps, Omit<PublishDeps, "audits"> {
  audits: AuditStore;
  kard: KardStatuses;
}

/**
 * Polls one audit of a lane. One of the plan that Kard shows unchanged costs nothing but the call, until it is overdue.
 * One whose call fails goes to lane RECHECK, from which Kard's next answer takes it back.
 *
 * @returns whether Kard was asked; if not, the next tick has to
 */
export function pollOne(deps: PollOneDeps, gate: KardGate, tally: Tally, lane: "OPEN" | "RECHECK") {
  return async (row: LaneRow): Promise<boolean> => {
    const { kardAuditId } = row;
    if (kardAuditId === undefined) throw new Error("an audit in a polled lane has no Kard id");
    const caller = lane === "OPEN" ? "plan" : "troubled";
    const answer = await gate.pass(caller, () => deps.kard.getAudit(row.organizationId, kardAuditId), verdictOn);
    if (answer === "stopped") return false;
    switch (answer.outcome) {
      case "known":
        tally.polled++;
        if (lane === "RECHECK" || isNews(row, answer.audit)) await follow(deps, row, answer.audit, tally);
        else if (isOld(deps, row)) await lookWhetherOverdue(deps, row, tally);
        return true;
      case "throttled":
        tally.retryAfterMs = Math.max(tally.retryAfterMs, answer.retryAfterMs ?? 0);
        return false;
      case "missing":
      case "failed":
      case "not-understood":
      case "unauthorized":
        tally[answer.outcome === "missing" ? "missing" : "failed"]++;
        await recheckLater(deps, row, answer.outcome === "missing");
        if (lane === "RECHECK" || isOld(deps, row)) await lookWhetherOverdue(deps, row, tally);
        return true;
    }
  };
}

function verdictOn(answer: StatusOutcome): Verdict {
  switch (answer.outcome) {
    case "known":
    case "missing":
    case "not-understood":
      return "answered";
    case "throttled":
    case "unauthorized":
      return answer.outcome;
    case "failed":
      return "no-answer";
  }
}

/** An unknown status is always news: the audit leaves the plan with it, and comes back with the next one that is known. */
const rank = { SUBMITTING: 0, NEW: 1, IN_PROGRESS: 2, CLOSED: 3, REJECTED: 3, UNKNOWN: 4 };

function isNews(row: LaneRow, { status }: KardAudit): boolean {
  return rank[status] > rank[row.status];
}

/** Whether an audit of lane OPEN, in which `laneAt` is its acceptance, is old enough to be overdue. */
function isOld({ clock, pollPlan }: PollOneDeps, { laneAt }: LaneRow): boolean {
  return clock() - laneAt >= pollPlan.overdueAfter;
}

async function follow(deps: PollOneDeps, row: LaneRow, kardAudit: KardAudit, tally: Tally): Promise<void> {
  const followed = await followAudit(deps)(row, kardAudit);
  if (followed.result === "gone") return;
  const changed = followed.result === "changed";
  if (changed) tally.changed++;
  const audit = await markOverdue(deps, tally)(followed.audit);
  if (changed || audit !== followed.audit) await publishOrLeave(deps, tally)(audit);
}

async function lookWhetherOverdue(deps: PollOneDeps, row: LaneRow, tally: Tally): Promise<void> {
  const stored = await deps.audits.get(row);
  if (stored === undefined) return;
  const audit = await markOverdue(deps, tally)(stored);
  if (audit !== stored) await publishOrLeave(deps, tally)(audit);
}
