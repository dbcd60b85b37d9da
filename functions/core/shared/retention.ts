/** How many days the table keeps completed items; without a number, forever. */
export interface Retention {
  /** A settled audit and its Idempotency-Key, from its settlement; a failed notification, from its last attempt. */
  auditDays?: number | undefined;
  /** A delivered notification, from its delivery. */
  notificationDays?: number | undefined;
}

const daySeconds = 24 * 60 * 60;

/**
 * The DynamoDB TTL value of an item that ended at `fromMs` (epoch milliseconds): epoch seconds, or `undefined` for
 * never.
 */
export function expiry(fromMs: number | undefined, days: number | undefined): number | undefined {
  return fromMs === undefined || days === undefined ? undefined : Math.ceil(fromMs / 1_000) + days * daySeconds;
}
