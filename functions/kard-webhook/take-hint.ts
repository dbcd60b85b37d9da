import { type Audit, isOpen } from "../core/audit.ts";
import { type CheckDeps, checkAudit } from "../core/check-audit.ts";
import type { AuditListing } from "../core/ports.ts";

export interface Hint {
  organizationId: string;
  kardAuditId: string;
  transactionId: string;
  status: string;
}

/** `known-already`: the table says so too, nothing was asked. `unknown-audit`: not one of ours. */
export type HintResult = "checked" | "known-already" | "unknown-audit";

/** How many audits of one transaction are looked through for the one that Kard means. */
const namesakes = 50;

/**
 * Takes Kard's word that an audit has changed as a hint to ask: the status itself is read from Kard, or the audit is
 * left in lane RECHECK for the poller. The same hint may come any number of times.
 */
export function takeHint(deps: CheckDeps & { listing: AuditListing }) {
  return async ({ organizationId, kardAuditId, transactionId, status }: Hint): Promise<HintResult> => {
    const { items } = await deps.listing.list(organizationId, { transactionId }, namesakes);
    const audit: Audit | undefined = items.find((item) => item.kardAuditId === kardAuditId);
    if (audit === undefined) return "unknown-audit";
    if (!isOpen(audit.status) || audit.status === status) return "known-already";
    await checkAudit(deps)(audit);
    return "checked";
  };
}
