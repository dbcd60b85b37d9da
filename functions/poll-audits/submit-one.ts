import type { AuditStore } from "../core/audits/ports.ts";
import { type SubmitDeps, submitAgain } from "../core/audits/submit-audit.ts";
import { publishBestEffort } from "../core/publishing/publish-best-effort.ts";
import type { PublishDeps } from "../core/publishing/publish-events.ts";
import type { LaneRow } from "../core/tracking/ports.ts";
import type { IssuerCalls } from "./kard/kard-calls.ts";
import { classifyResponse, keepResponse } from "./kard/kard-response.ts";
import { type MarkDueDeps, markDue, newlyOverdue } from "./mark-due.ts";
import { type RowResult, unprocessedRow } from "./work-page.ts";

export interface SubmitOneDeps extends SubmitDeps, MarkDueDeps, Omit<PublishDeps, "audits"> {
  audits: AuditStore;
}

/** How long an audit may stay unconfirmed before it is counted for an operator, in milliseconds. */
const unconfirmedAfterMs = 60 * 60_000;

const nothingToDo: RowResult = { row: "done", counts: {}, errors: [] };

/** Retries one due submission of lane SUBMIT. */
export function submitOne(deps: SubmitOneDeps, calls: IssuerCalls) {
  return async (row: LaneRow): Promise<RowResult> => {
    if (calls.isStopped("retry")) return unprocessedRow;
    const audit = await deps.audits.get(row);
    if (audit === undefined || audit.lane !== "SUBMIT" || (audit.laneAt ?? 0) > deps.clock()) return nothingToDo;
    const create = keepResponse(deps.kard.createAudit);
    const submit = () => submitAgain({ ...deps, kard: { ...deps.kard, createAudit: create.call } })(audit);
    const isCall = audit.acceptedWithoutIdAt === undefined;
    const submitted = isCall
      ? await calls.call("retry", submit, () => classifyResponse(create.answered()))
      : await submit();
    if (submitted === "stopped") return unprocessedRow;
    if (submitted === undefined) return nothingToDo;

    const now = await markDue(deps)(submitted.audit);
    const overdue = newlyOverdue(submitted.audit, now);
    const errors: unknown[] = [];
    if (now.sequence > audit.sequence) {
      await publishBestEffort({ ...deps, reportError: (error) => errors.push(error) })(now);
    }
    if (submitted.result !== "waiting") return { row: "done", counts: { submitted: 1, overdue }, errors };
    const unconfirmed = deps.clock() - audit.createdAt > unconfirmedAfterMs ? 1 : 0;
    return { row: "done", counts: { stillUnsubmitted: 1, unconfirmed, overdue }, errors };
  };
}
