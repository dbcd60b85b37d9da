import { z } from "zod";

/** What an issuer can subscribe to about an audit. */
export const auditEventType = z.enum(["audit.closed", "audit.in_progress", "audit.rejected", "audit.overdue"]);
export type AuditEventType = z.infer<typeof auditEventType>;

/** Every event name; `subscription.disabled` tells the issuer's other endpoints that one has been given up. */
export const eventName = z.enum([...auditEventType.options, "subscription.disabled"]);
export type EventName = z.infer<typeof eventName>;

/** ISO 8601 in UTC with milliseconds, of epoch milliseconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

const auditAttributes = z.object({
  organizationId: z.string(),
  status: z.enum(["SUBMITTING", "NEW", "IN_PROGRESS", "CLOSED", "REJECTED"]),
  kardAuditId: z.string().optional(),
  transactionId: z.string(),
  auditCode: z.number(),
  merchantName: z.string(),
  auditDescription: z.string(),
  preferredContactEmail: z.string().optional(),
  issuer: z.string().optional(),
  transactionAmountInCents: z.number().optional(),
  referringPartnerUserId: z.string().optional(),
  merchantId: z.string().optional(),
  submitterName: z.string().optional(),
  resolutionCode: z.number().nullable().optional(),
  resolutionDescription: z.string().nullable().optional(),
  resolutionTimeStamp: z.string().nullable().optional(),
});

/** An audit in an event: a JSON:API resource, and the event's number in the audit's own order. */
export const auditEventBody = z.object({
  id: z.string(),
  type: auditEventType,
  timestamp: z.iso.datetime(),
  data: z.object({
    type: z.literal("audit"),
    id: z.string(),
    attributes: auditAttributes,
    relationships: z
      .object({ user: z.object({ data: z.object({ type: z.literal("user"), id: z.string() }) }) })
      .optional(),
    sequence: z.int().positive(),
  }),
});

export type AuditEventBody = z.infer<typeof auditEventBody>;

/** The id of an audit's event: always the same for the same audit and sequence. */
export function eventId(auditId: string, sequence: number): string {
  return `evt_${auditId.replaceAll("-", "")}_${sequence}`;
}
