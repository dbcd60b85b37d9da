import type { Audit } from "../audits/audit.ts";
import type { KardAudit } from "../kard/ports.ts";
import { publishBestEffort } from "../publishing/publish-best-effort.ts";
import type { PublishDeps } from "../publishing/publish-events.ts";
import type { ReportError } from "../shared/ports.ts";
import { type FollowDeps, followAudit } from "./follow-audit.ts";

export interface FollowAndPublishDeps extends FollowDeps, Omit<PublishDeps, "audits"> {
  reportError: ReportError;
}

/**
 * Brings an audit to where Kard has just said that it stands, and publishes what that changes.
 *
 * @param audit as it was just read or written
 * @returns the audit as it stands then; as it was given, if it is gone
 */
export function followAndPublish(deps: FollowAndPublishDeps) {
  return async (audit: Audit, kardAudit: KardAudit): Promise<Audit> => {
    const followed = await followAudit(deps)(audit, kardAudit, audit);
    if (followed.result === "gone") return audit;
    if (followed.result === "changed") await publishBestEffort(deps)(followed.audit);
    return followed.audit;
  };
}
