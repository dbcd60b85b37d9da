import { changeAudit } from "../core/change-audit.ts";
import { followAudit } from "../core/follow-audit.ts";
import type { AuditStore, Clock, KardStatuses, LaneRow, StatusOutcome } from "../core/ports.ts";
import { type PublishDeps, publishEvents } from "../core/publish-events.ts";
import { recheckLater } from "../core/recheck-audit.ts";
import type { KardGate, Verdict } from "./kard-gate.ts";
import type { Tally } from "./tally.ts";

export interface PollOneDeps extends PublishDeps {
  audits: AuditStore;
  kard: KardStatuses;
  clock: Clock;
  overdueAfter: number;
}

/**
 * Polls one audit. One that Kard shows unchanged costs nothing but the call. One whose call failed goes to lane RECHECK,
 * unless the failure stops the tick, which is then nobody's fault but Kard's.
 *
 * @returns whether the row is done with; one that is not is polled again by the next tick
 */
export function pollOne(deps: PollOneDeps, gate: KardGate, tally: Tally) {
  return async (row: LaneRow): Promise<boolean> => {
    const { kardAuditId } = row;
    if (kardAuditId === undefined) throw new Error("an audit in a polled lane has no Kard id");
    const answer = await gate.pass(() => deps.kard.getAudit(row.organizationId, kardAuditId), judge);
    if (answer === "stopped") return false;
    switch (answer.outcome) {
      case "known":
        tally.polled++;
        if (isNews(row, answer.audit.status)) await follow(deps, row, answer, tally);
        else if (deps.clock() - row.laneAt >= deps.overdueAfter) await markOverdue(deps, row, tally);
        return true;
      case "missing":
        tally.missing++;
        await recheckLater(deps, row, true);
        return true;
      case "failed":
        tally.failed++;
        await recheckLater(deps, row, false);
        return true;
      case "throttled":
        tally.retryAfterMs = Math.max(tally.retryAfterMs, answer.retryAfterMs ?? 0);
        return false;
      case "unauthorized":
        return false;
    }
  };
}

function judge(answer: StatusOutcome): Verdict {
  switch (answer.outcome) {
    case "known":
    case "missing":
      return "answered";
    case "throttled":
    case "unauthorized":
      return { stop: answer.outcome };
    case "failed":
      // An answer that makes no sense is about this audit; Kard is there.
      return answer.reason === "malformed-answer" || answer.reason === "mismatched-answer" ? "answered" : "failed";
  }
}

const rank = { SUBMITTING: 0, NEW: 1, IN_PROGRESS: 2, CLOSED: 3, REJECTED: 3 };

function isNews(row: LaneRow, status: keyof typeof rank): boolean {
  return rank[status] > rank[row.status];
}

async function follow(
  deps: PollOneDeps,
  row: LaneRow,
  { audit }: Extract<StatusOutcome, { outcome: "known" }>,
  tally: Tally,
): Promise<void> {
  const followed = await followAudit(deps)(row, audit);
  if (followed.result !== "changed") return;
  tally.changed++;
  await publishEvents(deps)(followed.audit);
}

/** Says once that an audit is overdue; it goes on being polled. */
export async function markOverdue(
  deps: Pick<PollOneDeps, "audits" | "clock"> & PublishDeps,
  row: LaneRow,
  tally: Tally,
): Promise<void> {
  const audit = await deps.audits.get(row);
  if (audit === undefined || audit.overdueAt !== undefined) return;
  const overdue = changeAudit(audit, "overdue", {}, deps.clock());
  if (overdue === undefined || (await deps.audits.update(audit, overdue, ["status", "sequence"])) === "stale") return;
  tally.overdue++;
  await publishEvents(deps)(overdue);
}
