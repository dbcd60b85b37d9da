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
 * Updates an audit to Kard's status and publishes its new events.
 *
 * @param audit as just read or written
 * @returns the stored audit, or the given one if it is gone
 */
export function followAndPublish(deps: FollowAndPublishDeps) {
  return async (audit: Audit, kardAudit: KardAudit): Promise<Audit> => {
    const followed = await followAudit(deps)(audit, kardAudit, audit);
    if (followed.result === "gone") return audit;
    if (followed.result === "changed") await publishBestEffort(deps)(followed.audit);
    return followed.audit;
  };
}
