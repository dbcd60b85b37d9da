import type { Audit } from "../../core/audits/audit.ts";
import { type SubmitDeps, submitAgain } from "../../core/audits/submit-audit.ts";
import { isLeased } from "../../core/audits/submit-retries.ts";
import { publishBestEffort } from "../../core/publishing/publish-best-effort.ts";
import { type CheckDeps, checkAudit } from "../../core/tracking/check-audit.ts";

/**
 * Reads an audit's status from Kard now, or submits it now if it waits for that and no other function is doing so.
 *
 * @returns the stored audit, and whether Kard could be called
 */
export function refreshAudit(deps: CheckDeps & SubmitDeps) {
  return async (audit: Audit): Promise<{ audit: Audit; asked: boolean }> => {
    if (audit.status === "SUBMITTING") {
      const submitted = isLeased(audit, deps.clock()) ? undefined : await submitAgain(deps)(audit);
      if (submitted !== undefined) await publishBestEffort(deps)(submitted.audit);
      return { audit: submitted?.audit ?? audit, asked: submitted !== undefined && submitted.result !== "waiting" };
    }
    const checked = await checkAudit(deps)(audit);
    return { audit: checked.audit, asked: checked.kard === "known" || checked.kard === "not-called" };
  };
}
