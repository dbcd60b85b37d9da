import type { AuditStore, LaneRow } from "../core/ports.ts";
import type { PublishDeps } from "../core/publish-events.ts";
import { type SubmitDeps, submitAgain } from "../core/submit-audit.ts";
import type { SubmitResult } from "../core/wait-in-lane.ts";
import type { KardGate, Verdict } from "./kard-gate.ts";
import { type MarkOverdueDeps, markOverdue } from "./mark-overdue.ts";
import { publishOrLeave } from "./publish-or-leave.ts";
import type { Tally } from "./tally.ts";

export interface SubmitOneDeps extends SubmitDeps, MarkOverdueDeps, Omit<PublishDeps, "audits"> {
  audits: AuditStore;
}

/** How long Kard may leave an audit unconfirmed before someone has to look, in milliseconds. */
const unconfirmedAfterMs = 60 * 60_000;

/**
 * Tries again to hand over one audit whose time in lane SUBMIT has come.
 *
 * @returns whether that is done with; if not, the next tick has to
 */
export function submitOne(deps: SubmitOneDeps, gate: KardGate, tally: Tally) {
  return async (row: LaneRow): Promise<boolean> => {
    if (gate.stopReason() !== undefined) return false;
    const audit = await deps.audits.get(row);
    if (audit === undefined || audit.lane !== "SUBMIT" || (audit.laneAt ?? 0) > deps.clock()) return true;
    const submit = () => submitAgain(deps)(audit);
    const isCall = audit.acceptedWithoutIdAt === undefined;
    const submitted = isCall ? await gate.pass("troubled", submit, verdictOn) : await submit();
    if (submitted === "stopped") return false;
    if (submitted === undefined) return true;
    if (submitted.result !== "waiting") tally.submitted++;
    else {
      tally.stillUnsubmitted++;
      if (deps.clock() - audit.createdAt > unconfirmedAfterMs) tally.unconfirmed++;
    }
    const now = await markOverdue(deps, tally)(submitted.audit);
    if (now.sequence > audit.sequence) await publishOrLeave(deps, tally)(now);
    return true;
  };
}

function verdictOn(submitted: SubmitResult | undefined): Verdict {
  if (submitted?.result !== "waiting") return "answered";
  switch (submitted.why) {
    case "throttled":
    case "unauthorized":
      return submitted.why;
    case "unsent":
    case "unanswered":
      return "no-answer";
    case "conflict":
    case "accepted-without-id":
      return "answered";
  }
}
