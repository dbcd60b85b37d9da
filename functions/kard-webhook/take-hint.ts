import type { z } from "zod";
import { type Audit, type AuditRequest, isOpen } from "../core/audit.ts";
import { changeAudit } from "../core/change-audit.ts";
import { type CheckDeps, checkAudit } from "../core/check-audit.ts";
import type { AuditListing } from "../core/ports.ts";
import { recheckAudit } from "../core/recheck-audit.ts";
import { isSameText } from "../core/text.ts";
import type { pushResult } from "./audit-update.ts";

export interface TakeHintDeps extends CheckDeps {
  listing: AuditListing;
}

export interface Hint {
  organizationId: string;
  kardAuditId: string;
  /** Kard's word for where the audit stands, which is not taken for it. */
  status: string | undefined;
  userId: string | undefined;
  request: RequestAtKard;
}

/** What the push says of the request: whatever could be read of it. */
type RequestAtKard = {
  [Field in "transactionId" | "auditCode" | "merchantName" | "auditDescription"]?: AuditRequest[Field] | undefined;
};

/** `known-already`: the table says so too, nothing was asked. `unknown-audit`: not one of ours. */
export type HintResult = z.infer<typeof pushResult>["result"];

/** How many audits of one transaction are looked through for the one that Kard means. */
const namesakes = 50;

/** However often Kard pushes, it is asked about an audit for that reason once in this time, in milliseconds. */
const askEveryMs = 5_000;

/**
 * Takes Kard's word that an audit has changed as a hint to ask: the status itself is read from Kard, or the audit is
 * left in lane RECHECK for the poller. The same hint may come any number of times. A hint about an audit whose create
 * was never answered brings its Kard id, if just one of ours can be meant.
 */
export function takeHint(deps: TakeHintDeps) {
  const claim = async (audit: Audit, now: number): Promise<Audit | undefined> => {
    if (audit.hintedAt !== undefined && now - audit.hintedAt < askEveryMs) return undefined;
    const hinted: Audit = { ...audit, hintedAt: now };
    return (await deps.audits.update(audit, hinted, ["status", "hintedAt"])) === "done" ? hinted : undefined;
  };

  return async (hint: Hint): Promise<HintResult> => {
    const { transactionId } = hint.request;
    if (transactionId === undefined) return "unknown-audit";
    const { items } = await deps.listing.list(hint.organizationId, { transactionId }, namesakes);
    const known = items.find((audit) => audit.kardAuditId === hint.kardAuditId);
    const audit = known ?? (await acceptLost(deps, items, hint));
    if (audit === undefined) return "unknown-audit";
    if (!isNews(audit, hint.status)) return "known-already";
    const now = deps.clock();
    const claimed = await claim(audit, now);
    if (claimed === undefined) {
      await recheckAudit(deps, audit, now + askEveryMs);
      return "left-to-the-poller";
    }
    await checkAudit(deps)(claimed);
    return "checked";
  };
}

/** A status that is ours already, or behind it, is an old or a doubled push. */
function isNews(audit: Audit, kardStatus: string | undefined): boolean {
  const status = kardStatus?.trim().toUpperCase();
  if (!isOpen(audit.status) || audit.status === status) return false;
  return !(audit.status === "IN_PROGRESS" && status === "NEW");
}

async function acceptLost(deps: CheckDeps, items: readonly Audit[], hint: Hint): Promise<Audit | undefined> {
  const [lost, ...others] = items.filter((audit) => audit.submission === "unconfirmed" && isMeant(audit, hint));
  if (lost === undefined || others.length > 0) return undefined;
  const accepted = changeAudit(lost, "accept", { kardAuditId: hint.kardAuditId }, deps.clock());
  if (accepted === undefined) return undefined;
  return (await deps.audits.update(lost, accepted, ["status", "sequence"])) === "done" ? accepted : undefined;
}

function isMeant({ userId, request }: Audit, hint: Hint): boolean {
  const { auditCode, merchantName, auditDescription } = hint.request;
  return (
    (userId === undefined || userId === hint.userId) &&
    request.auditCode === auditCode &&
    isSameText(request.merchantName, merchantName) &&
    isSameText(request.auditDescription, auditDescription)
  );
}
