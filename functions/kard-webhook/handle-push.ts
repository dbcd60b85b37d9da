import type * as z from "zod";
import { type Audit, isOpen } from "../core/audits/audit.ts";
import type { AuditListing, KardAuditIds } from "../core/audits/ports.ts";
import { acceptKardAudit } from "../core/audits/store-decision.ts";
import { type CheckDeps, checkAudit } from "../core/tracking/check-audit.ts";
import { findByKardId } from "../core/tracking/find-by-kard-id.ts";
import { findLostCreate, type KardContents } from "../core/tracking/find-lost-create.ts";
import { recheckAudit } from "../core/tracking/recheck-audit.ts";
import type { pushResult } from "./audit-update.ts";

export interface HandlePushDeps extends CheckDeps {
  kardAuditIds: KardAuditIds;
  listing: AuditListing;
}

export interface Push extends KardContents {
  organizationId: string;
  kardAuditId: string;
  /** The status in the push: a reason to read the audit from Kard, not the response. */
  status: string | undefined;
}

/** `known-already`: the table has this status, so Kard was not called. `unknown-audit`: it is not tracked. */
export type PushResult = z.infer<typeof pushResult>["result"];

/**
 * Treats Kard's push as a trigger: reads the audit's status from Kard. If that fails, or Kard still shows an earlier
 * status, the audit goes to lane RECHECK for the poller. Duplicate pushes are safe. A push also recovers a lost create:
 * its Kard id is attached if exactly one audit matches.
 */
export function handlePush(deps: HandlePushDeps) {
  const auditOf = async (push: Push): Promise<Audit | undefined> => {
    const found = await findByKardId(deps)(push.organizationId, push.kardAuditId);
    switch (found.outcome) {
      case "tracked":
        return found.audit;
      case "other-issuer":
      case "reserved":
        return undefined;
      case "untracked": {
        const lost = await findLostCreate(deps)(push.organizationId, push);
        const accepted = lost && (await acceptKardAudit(deps, lost, push.kardAuditId));
        return accepted?.result === "stored" ? accepted.audit : undefined;
      }
    }
  };

  return async (push: Push): Promise<PushResult> => {
    const audit = await auditOf(push);
    if (audit === undefined) return "unknown-audit";
    if (!hasProgressed(audit, push.status)) return "known-already";
    const { kard, audit: checked } = await checkAudit(deps)(audit);
    if (kard !== "known") return "left-to-the-poller";
    if (!isBehind(checked, push.status)) return "checked";
    await recheckAudit(deps, checked, deps.clock() + unconfirmedAfterMs);
    return "left-to-the-poller";
  };
}

/**
 * How soon an audit is read again if Kard does not show the pushed status yet, in milliseconds. Kard does not say that
 * a read after a push shows the change.
 */
const unconfirmedAfterMs = 5_000;

function isBehind({ status }: Audit, kardStatus: string | undefined): boolean {
  const pushed = kardStatus?.trim().toUpperCase();
  return isOpen(status) && (pushed === "CLOSED" || (pushed === "IN_PROGRESS" && status === "NEW"));
}

/** A push with the stored status, or an earlier one, is old or a duplicate. */
function hasProgressed(audit: Audit, kardStatus: string | undefined): boolean {
  const status = kardStatus?.trim().toUpperCase();
  if (!isOpen(audit.status) || audit.status === status) return false;
  return !(audit.status === "IN_PROGRESS" && status === "NEW");
}
