import { expiry, type Retention } from "../shared/retention.ts";
import type { Audit } from "./audit.ts";

/** Whether no work is left on an audit: Kard has decided, and its events are published. */
export function isComplete({ settledAt, lane, outboxAt }: Audit): boolean {
  return settledAt !== undefined && lane === undefined && outboxAt === undefined;
}

/** When an audit may be deleted, in epoch seconds; `undefined` while work is left on it. */
export function auditExpiry(audit: Audit, { auditDays }: Retention): number | undefined {
  return isComplete(audit) ? expiry(audit.settledAt, auditDays) : undefined;
}
