import type { Audit } from "../audits/audit.ts";
import type { KardAudit } from "../kard/ports.ts";
import { publishBestEffort } from "../publishing/publish-best-effort.ts";
import type { PublishDeps } from "../publishing/publish-events.ts";
import type { ReportError } from "../shared/ports.ts";
import { type ApplyKardStatusDeps, applyKardStatus } from "./apply-kard-status.ts";

export interface ApplyAndPublishDeps extends ApplyKardStatusDeps, Omit<PublishDeps, "audits"> {
  reportError: ReportError;
}

/**
 * Updates an audit to Kard's status and publishes its new events.
 *
 * @param audit as just read or written
 * @returns the stored audit, or the given one if it is gone
 */
export function applyAndPublish(deps: ApplyAndPublishDeps) {
  return async (audit: Audit, kardAudit: KardAudit): Promise<Audit> => {
    const applied = await applyKardStatus(deps)(audit, kardAudit, audit);
    if (applied.result === "gone") return audit;
    if (applied.result === "changed") await publishBestEffort(deps)(applied.audit);
    return applied.audit;
  };
}
