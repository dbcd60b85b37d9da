import { z } from "zod";

/** One POST of a notification: when, how long it took, and the status code or what kept it from getting one. */
export const attempt = z.object({
  at: z.number(),
  ms: z.number(),
  statusCode: z.number().optional(),
  error: z.string().optional(),
});

export type Attempt = z.infer<typeof attempt>;

/**
 * What became of an event for one subscription: `pending` waits for its next attempt, `delivered` was answered 2xx,
 * `delivery_failed` has used up its attempts, `held` waits for its disabled subscription.
 */
export const notificationStatus = z.enum(["pending", "delivered", "delivery_failed", "held"]);

export const notification = z.object({
  organizationId: z.string(),
  auditId: z.string(),
  sequence: z.number(),
  subscriptionId: z.string(),
  status: notificationStatus,
  attemptCount: z.number(),
  /** The last ten, oldest first. */
  attempts: z.array(attempt),
  createdAt: z.number(),
  /** When a `pending` one is tried again. */
  nextAttemptAt: z.number().optional(),
  /** When the sweep sends it, if nothing has come of it by then. */
  laneAt: z.number().optional(),
});

export type Notification = z.infer<typeof notification>;

/** What names a notification: the event (audit and sequence) and the subscription it is owed to. */
export type NotificationKey = Pick<Notification, "organizationId" | "auditId" | "sequence" | "subscriptionId">;

const keptAttempts = 10;

/** The attempts to keep after one more. */
export function withAttempt(attempts: readonly Attempt[], latest: Attempt): Attempt[] {
  return [...attempts, latest].slice(-keptAttempts);
}
