import { type Audit, type AuditKey, isOpen } from "../audits/audit.ts";
import { changeAudit } from "../audits/change-audit.ts";
import type { AuditStore } from "../audits/ports.ts";
import type { KardAudit } from "../kard/ports.ts";
import type { Clock } from "../shared/ports.ts";
import { backToPlan, toRecheck } from "./recheck-audit.ts";

export interface FollowDeps {
  audits: AuditStore;
  clock: Clock;
}

/**
 * What Kard's answer changed: `changed` has a new event to publish, `settled` was over before, `gone` is unknown
 * here.
 */
export type FollowResult =
  | { result: "changed"; audit: Audit }
  | { result: "unchanged" | "settled"; audit: Audit }
  | { result: "gone" };

const maxTries = 5;

/**
 * Brings an audit to where Kard says it stands: one update that holds the status, the event and its place in the
 * outbox, and takes it back from lane RECHECK into the plan. Kard's earlier statuses are ignored, so that nothing goes
 * backwards when answers overtake each other. An audit with a status that nobody knows stays open in lane RECHECK, with
 * that status on it.
 *
 * @param seen the audit as it was just read or written, which saves a read
 * @throws Error when the audit keeps changing meanwhile
 */
export function followAudit(deps: FollowDeps) {
  return async (key: AuditKey, kardAudit: KardAudit, seen?: Audit): Promise<FollowResult> => {
    for (let attempt = 1; attempt <= maxTries; attempt++) {
      const audit = attempt === 1 && seen !== undefined ? seen : await deps.audits.get(key);
      if (audit === undefined) return { result: "gone" };
      if (!isOpen(audit.status)) return { result: "settled", audit };
      const after = followed(audit, kardAudit, deps.clock());
      if (after === audit) return { result: "unchanged", audit };
      if ((await deps.audits.update(audit, after, ["status", "sequence", "laneAt"])) === "done") {
        return { result: after.sequence === audit.sequence ? "unchanged" : "changed", audit: after };
      }
    }
    throw new Error("an audit kept changing while Kard's answer was being stored");
  };
}

function followed(audit: Audit, kardAudit: KardAudit, now: number): Audit {
  switch (kardAudit.status) {
    case "NEW":
      return backToPlan(audit);
    case "IN_PROGRESS":
      return backToPlan(changeAudit(audit, "start", {}, now) ?? audit);
    case "CLOSED":
      return backToPlan(changeAudit(audit, "close", { resolution: kardAudit.resolution }, now) ?? audit);
    case "UNKNOWN":
      return toRecheck({ ...audit, kardStatus: kardAudit.kardStatus }, now);
  }
}
