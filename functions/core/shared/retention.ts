/** How many days completed items are kept; forever if absent. */
export interface Retention {
  /**
   * For settled audits and their Idempotency-Keys, from their last event: the settlement, or the verdict of a
   * follow-up. For failed notifications, from the last attempt.
   */
  auditDays?: number | undefined;
  /** For delivered notifications, from delivery. */
  notificationDays?: number | undefined;
}

const daySeconds = 24 * 60 * 60;

/** The TTL of an item that ended at `fromMs` (epoch milliseconds), in epoch seconds; `undefined` means never. */
export function expiry(fromMs: number | undefined, days: number | undefined): number | undefined {
  return fromMs === undefined || days === undefined ? undefined : Math.ceil(fromMs / 1_000) + days * daySeconds;
}
