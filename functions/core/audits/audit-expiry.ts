import { expiry, type Retention } from "../shared/retention.ts";
import type { Audit } from "./audit.ts";

/**
 * Whether an audit needs no more work: Kard has decided, and all events are published. A follow-up does not count: it
 * ends long before the audit expires, and its lane is not processed if follow-ups are turned off.
 */
export function isComplete({ settledAt, lane, outboxAt }: Audit): boolean {
  return settledAt !== undefined && (lane === undefined || lane === "FOLLOWUP") && outboxAt === undefined;
}

/** When an audit may be deleted, in epoch seconds; `undefined` while it needs work. */
export function auditExpiry(audit: Audit, { auditDays }: Retention): number | undefined {
  return isComplete(audit) ? expiry(audit.settledAt, auditDays) : undefined;
}
