import type { AuditStore, LaneRow } from "../core/ports.ts";
import { type PublishDeps, publishEvents } from "../core/publish-events.ts";
import { type SubmitDeps, type SubmitResult, submitAgain } from "../core/submit-audit.ts";
import type { KardGate, Verdict } from "./kard-gate.ts";
import { markOverdue } from "./poll-one.ts";
import type { Tally } from "./tally.ts";

export interface SubmitOneDeps extends SubmitDeps, PublishDeps {
  audits: AuditStore;
  overdueAfter: number;
}

/** Tries again to hand over one audit whose time in lane SUBMIT has come. */
export function submitOne(deps: SubmitOneDeps, gate: KardGate, tally: Tally) {
  return async (row: LaneRow): Promise<void> => {
    const audit = await deps.audits.get(row);
    if (audit === undefined || audit.lane !== "SUBMIT" || (audit.laneAt ?? 0) > deps.clock()) return;
    const submitted = await gate.pass(() => submitAgain(deps)(audit), judge);
    if (submitted === "stopped" || submitted === undefined) return;
    if (submitted.result === "waiting") tally.stillUnsubmitted++;
    else tally.submitted++;
    if (submitted.audit.outboxAt !== undefined) await publishEvents(deps)(submitted.audit);
    if (submitted.result === "waiting" && deps.clock() - audit.createdAt >= deps.overdueAfter) {
      await markOverdue(deps, row, tally);
    }
  };
}

function judge(submitted: SubmitResult | undefined): Verdict {
  if (submitted?.result !== "waiting") return "answered";
  switch (submitted.why) {
    case "throttled":
    case "unauthorized":
      return { stop: submitted.why };
    case "unsent":
    case "unanswered":
      return "failed";
    case "conflict":
      return "answered";
  }
}
