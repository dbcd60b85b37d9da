import { z } from "zod";
import { type AuditEventBody, eventName } from "./events.ts";

/** Where an issuer wants its events sent. Times are epoch milliseconds. */
export const subscription = z.object({
  organizationId: z.string(),
  subscriptionId: z.string(),
  webhookUrl: z.string(),
  eventNames: z.array(eventName),
  description: z.string().optional(),
  enabled: z.boolean(),
  /** Signing secrets, the current one first: `whsec_` and the base64 of 24–64 bytes (Standard Webhooks 1.0.0). */
  secrets: z.array(z.object({ secret: z.string(), signsUntil: z.number().optional() })).min(1),
  createdAt: z.number(),
});

export type Subscription = z.infer<typeof subscription>;

/** Whether a subscription is owed an event: it asked for this kind, and it existed when the event came about. */
export function isOwed(
  { eventNames, createdAt }: Subscription,
  event: { type: AuditEventBody["type"]; at: number },
): boolean {
  return createdAt <= event.at && eventNames.includes(event.type);
}
