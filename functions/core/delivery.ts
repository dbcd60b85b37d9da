import { z } from "zod";
import { eventName } from "./events.ts";

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
  /** Whether there is a record of it although no attempt came before. */
  recorded: z.literal(true).optional(),
  /** Whether it has been sent before: what came of that may be on record. */
  sentBefore: z.literal(true).optional(),
  /** Whether the attempt before was interrupted: it may have ended its process. */
  interrupted: z.literal(true).optional(),
  eventId: z.string(),
  eventName,
  /** When the event came about, in epoch milliseconds, where there is no record that says so. */
  eventAt: z.number().optional(),
  body: z.string(),
});

export type Delivery = z.infer<typeof delivery>;
