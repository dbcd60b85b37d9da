import * as z from "zod";
import { storedEventName } from "../events/events.ts";

/**
 * The message for one delivery. It carries the event's exact bytes, so a first attempt does not read the audit. The
 * subscription's URL and secrets are not in it; they are read when it is sent.
 */
export const delivery = z.object({
  organizationId: z.string(),
  auditId: z.string(),
  sequence: z.number(),
  subscriptionId: z.string(),
  /** The number of earlier attempts. */
  attemptCount: z.number(),
  /** Whether the earlier attempt was interrupted. It may have crashed its process. */
  interrupted: z.literal(true).optional(),
  /**
   * When the event happened; only in the first message of a notification. Publishing has just written its row, so the
   * row need not be read.
   */
  createdAt: z.number().optional(),
  /**
   * The number of times that it has waited for a turn since the sweep sent it, if the subscription has a maximum rate.
   */
  turns: z.number().optional(),
  eventId: z.string(),
  eventName: storedEventName,
  body: z.string(),
});

export type Delivery = z.infer<typeof delivery>;

/** The queue of a delivery. Slow endpoints have their own queue with its own workers. */
export type DeliveryRoute = "standard" | "slow";
