import { z } from "zod";
import { nextActor, outcome } from "../kard/resolution-codes.ts";

/** The events of an audit that an issuer can subscribe to. */
export const auditEventType = z.enum(["audit.closed", "audit.in_progress", "audit.rejected", "audit.overdue"]);
export type AuditEventType = z.infer<typeof auditEventType>;

/** All event names. `subscription.disabled` is sent to the issuer's other endpoints when one is disabled. */
export const eventName = z.enum([...auditEventType.options, "subscription.disabled"]);
export type EventName = z.infer<typeof eventName>;

/** Formats epoch milliseconds as ISO 8601 in UTC with milliseconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** These descriptions are published in the contract. */
const auditAttributes = z.object({
  organizationId: z.string().describe("The issuer, by its organization at Kard."),
  status: z
    .enum(["SUBMITTING", "NEW", "IN_PROGRESS", "CLOSED", "REJECTED"])
    .describe("Where the audit stands. SUBMITTING: Kard has yet to take it. REJECTED: Kard refused it."),
  kardAuditId: z.string().optional().describe("Kard's id of the audit, once Kard has taken it."),
  transactionId: z.string().describe("The audited transaction."),
  auditCode: z.number().describe("Kard's code of what is claimed."),
  merchantName: z.string().describe("The merchant of the transaction."),
  auditDescription: z.string().describe("What is claimed, in words."),
  preferredContactEmail: z.string().optional().describe("Whom Kard may write to about the audit."),
  issuer: z.string().optional().describe("The issuer's name."),
  transactionAmountInCents: z.number().optional().describe("The amount of the transaction, in cents."),
  currency: z.string().optional().describe("The currency of the amount, by ISO 4217."),
  referringPartnerUserId: z.string().optional().describe("The user, by the issuer's own id."),
  merchantId: z.string().optional().describe("The merchant, by Kard's id."),
  submitterName: z.string().optional().describe("Who filed the audit."),
  reference: z.string().optional().describe("The issuer's own id of the dispute. Kard does not know it."),
  metadata: z
    .record(z.string(), z.string())
    .optional()
    .describe("The issuer's own data on the audit. Kard does not know it."),
  resolutionCode: z
    .number()
    .nullable()
    .optional()
    .describe("Kard's code of how it was resolved; null where Kard gave none. Kard may add codes."),
  resolutionDescription: z.string().nullable().optional().describe("Kard's resolution in words."),
  resolutionTimeStamp: z.string().nullable().optional().describe("When Kard resolved it, as Kard wrote it."),
  outcome: outcome
    .optional()
    .describe(
      "What the resolution code means for the customer, once closed. unknown: Kard gave no code, or one that the tracker " +
        "does not know.",
    ),
  nextActor: nextActor.optional().describe("Who has to act after the resolution, once closed."),
});

/** The body of an audit event: the audit as a JSON:API resource, with the event's number within the audit. */
export const auditEventBody = z.object({
  id: z.string().describe("The event's id, the same whenever and wherever it is sent again: deduplicate by it."),
  type: auditEventType.describe("What happened."),
  timestamp: z.iso.datetime().describe("When it happened, in UTC."),
  data: z.object({
    type: z.literal("audit"),
    id: z.string().describe("The tracker's id of the audit."),
    attributes: auditAttributes,
    relationships: z
      .object({ user: z.object({ data: z.object({ type: z.literal("user"), id: z.string() }) }) })
      .optional()
      .describe("The user whose transaction it is; absent for audits that came by Kard's legacy call."),
    sequence: z
      .int()
      .positive()
      .describe("Counts the audit's events 1, 2, 3: what has a lower number than one seen before is out of date."),
  }),
});

export type AuditEventBody = z.infer<typeof auditEventBody>;

/** A deterministic event id, from the id of the audit or subscription and the event's number. */
export function eventId(subjectId: string, sequence: number): string {
  return `evt_${subjectId.replaceAll("-", "")}_${sequence}`;
}

/** Why a subscription is disabled: by its owner, by a 410 of its endpoint, or after days of only failures. */
export const disabledReason = z.enum(["by-owner", "gone", "failing"]);

/** Tells the issuer's other endpoints that one was disabled, and how often that has happened. */
export const subscriptionDisabledEventBody = z.object({
  id: z.string().describe("The event's id, the same whenever it is sent again: deduplicate by it."),
  type: z.literal("subscription.disabled"),
  timestamp: z.iso.datetime().describe("When it happened, in UTC."),
  data: z.object({
    type: z.literal("subscription"),
    id: z.string().describe("The subscription that was disabled."),
    attributes: z.object({
      organizationId: z.string().describe("The issuer whose subscription it is."),
      webhookUrl: z.string().describe("Where nothing is sent any more."),
      description: z.string().optional().describe("What its owner calls it."),
      disabledAt: z.iso.datetime().describe("Since when it is disabled."),
      disabledReason: disabledReason
        .exclude(["by-owner"])
        .describe("Why: it was answered 410 (gone), or has only failed for days (failing)."),
    }),
    sequence: z.int().positive().describe("How often the subscription has been disabled."),
  }),
});

export type SubscriptionDisabledEventBody = z.infer<typeof subscriptionDisabledEventBody>;

/** The test event that an owner requests. It is sent on request only, so it is not an event name. */
export const testEventBody = z.object({
  id: z.string().describe("The ping's id."),
  type: z.literal("subscription.test"),
  timestamp: z.iso.datetime().describe("When it was asked for, in UTC."),
  data: z.object({
    type: z.literal("subscription"),
    id: z.string().describe("The subscription that is tried out."),
    attributes: z.object({ organizationId: z.string().describe("The issuer whose subscription it is.") }),
  }),
});

export type TestEventBody = z.infer<typeof testEventBody>;
