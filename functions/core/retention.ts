import type { Audit } from "./audit.ts";
import type { Notification } from "./notification.ts";

/** How many days the table keeps what is done with; without a number, for good. */
export interface Retention {
  /**
   * A settled audit and its Idempotency-Key, from its settlement; a notification that was given up, from its last
   * attempt.
   */
  auditDays?: number | undefined;
  /** A delivered notification, from its delivery. */
  notificationDays?: number | undefined;
}

const daySeconds = 24 * 60 * 60;

/** Whether nothing is left to do about an audit itself: Kard has decided, and its events are published. */
export function isDoneWith({ settledAt, lane, outboxAt }: Audit): boolean {
  return settledAt !== undefined && lane === undefined && outboxAt === undefined;
}

/** When an audit may be forgotten, in epoch seconds; `undefined` while anything is left to do about it. */
export function auditExpiry(audit: Audit, { auditDays }: Retention): number | undefined {
  return isDoneWith(audit) ? expiry(audit.settledAt, auditDays) : undefined;
}

/** When a notification may be forgotten, in epoch seconds; `undefined` while it is owed. */
export function notificationExpiry(notification: Notification, retention: Retention): number | undefined {
  const endedAt = notification.attempts.at(-1)?.at ?? notification.createdAt;
  switch (notification.status) {
    case "delivered":
      return expiry(endedAt, retention.notificationDays);
    case "delivery_failed":
      return expiry(endedAt, retention.auditDays);
    case "pending":
    case "held":
      return undefined;
  }
}

function expiry(fromMs: number | undefined, days: number | undefined): number | undefined {
  return fromMs === undefined || days === undefined ? undefined : Math.ceil(fromMs / 1_000) + days * daySeconds;
}
