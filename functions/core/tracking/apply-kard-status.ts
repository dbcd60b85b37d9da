import { type Audit, type AuditKey, isOpen } from "../audits/audit.ts";
import { changeAudit } from "../audits/change-audit.ts";
import { changeStoredAudit } from "../audits/change-stored-audit.ts";
import type { AuditStore } from "../audits/ports.ts";
import type { KardAudit } from "../kard/ports.ts";
import type { Clock } from "../shared/ports.ts";
import { withFollowUp } from "./follow-up.ts";
import { backToPlan, toRecheck } from "./recheck-audit.ts";

export interface ApplyKardStatusDeps {
  audits: AuditStore;
  clock: Clock;
  /**
   * The time from a resolution that promises something to its comparison with Kard's rewards, in milliseconds. Absent
   * if follow-ups are turned off.
   */
  followUpAfterMs?: number | undefined;
}

/** `changed` has a new event to publish; `settled` was complete before; `gone` does not exist here. */
export type FollowResult =
  | { result: "changed"; audit: Audit }
  | { result: "unchanged" | "settled"; audit: Audit }
  | { result: "gone" };

/**
 * Updates an audit to Kard's status. One update writes the status, the event and its place in the outbox, and moves the
 * audit from lane RECHECK back to the poll plan. Older statuses are ignored, so a status never goes backwards. An audit
 * with an unknown status stays open in lane RECHECK.
 *
 * @param seen the audit as just read or written; it saves a read
 * @throws Error if the audit keeps changing
 */
export function applyKardStatus(deps: ApplyKardStatusDeps) {
  return async (key: AuditKey, kardAudit: KardAudit, seen?: Audit): Promise<FollowResult> => {
    const apply = (audit: Audit) => (isOpen(audit.status) ? applied(deps, audit, kardAudit) : audit);
    const stored = await changeStoredAudit(deps.audits, key, ["status", "sequence", "laneAt"], apply, seen);
    if (stored === undefined) return { result: "gone" };
    const { before, after } = stored;
    if (!isOpen(before.status)) return { result: "settled", audit: after };
    return { result: after.sequence === before.sequence ? "unchanged" : "changed", audit: after };
  };
}

function applied({ clock, followUpAfterMs }: ApplyKardStatusDeps, audit: Audit, kardAudit: KardAudit): Audit {
  const now = clock();
  switch (kardAudit.status) {
    case "NEW":
      return backToPlan(audit);
    case "IN_PROGRESS":
      return backToPlan(changeAudit(audit, "start", {}, now) ?? audit);
    case "CLOSED": {
      const closed = changeAudit(audit, "close", { resolution: kardAudit.resolution }, now);
      return closed === undefined ? backToPlan(audit) : withFollowUp(backToPlan(closed), followUpAfterMs, now);
    }
    case "UNKNOWN":
      return toRecheck({ ...audit, kardStatus: kardAudit.kardStatus }, now);
  }
}
