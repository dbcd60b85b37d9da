import type { Audit } from "./audit.ts";
import { type FollowDeps, followAudit } from "./follow-audit.ts";
import type { KardAudit } from "./kard-ports.ts";
import type { ReportError } from "./ports.ts";
import { publishBestEffort } from "./publish-best-effort.ts";
import type { PublishDeps } from "./publish-events.ts";

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
