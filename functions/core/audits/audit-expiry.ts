import { expiry, type Retention } from "../shared/retention.ts";
import type { Audit } from "./audit.ts";

/**
 * Whether an audit needs no more work: Kard has decided, and all events are published. A follow-up does not count: it
 * ends long before the audit expires, and its lane is not processed if follow-ups are turned off.
 */
export function isComplete({ settledAt, lane, outboxAt }: Audit): boolean {
  return settledAt !== undefined && (lane === undefined || lane === "FOLLOWUP") && outboxAt === undefined;
}

/**
 * When an audit may be deleted, in epoch seconds; `undefined` while it needs work. It is counted from the audit's last
 * event, because the feed of events reads the bodies from the audit.
 */
export function auditExpiry(audit: Audit, { auditDays }: Retention): number | undefined {
  const { fulfilment, fulfilmentAt, settledAt } = audit;
  const hasVerdict = fulfilment === "fulfilled" || fulfilment === "unfulfilled";
  return isComplete(audit) ? expiry((hasVerdict ? fulfilmentAt : undefined) ?? settledAt, auditDays) : undefined;
}
