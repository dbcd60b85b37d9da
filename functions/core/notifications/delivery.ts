import { z } from "zod";
import { eventName } from "../events/events.ts";

/**
 * The message that asks for one delivery. It carries the event's exact bytes, so that a first attempt reads nothing
 * about the audit; what it does not carry is the subscription, whose URL and secrets are read where they are used.
 */
export const delivery = z.object({
  organizationId: z.string(),
  auditId: z.string(),
  sequence: z.number(),
  subscriptionId: z.string(),
  /** How many attempts came before. */
  attemptCount: z.number(),
  /** Whether the attempt before was interrupted: it may have ended its process. */
  interrupted: z.literal(true).optional(),
  /**
   * Of the first message about a notification: when its event came about. Its row need not be read: publishing has just
   * written it.
   */
  createdAt: z.number().optional(),
  eventId: z.string(),
  eventName,
  body: z.string(),
});

export type Delivery = z.infer<typeof delivery>;
