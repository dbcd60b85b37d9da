import * as z from "zod";
import { nextActor, outcome } from "../kard/resolution-codes.ts";
import { fulfilment } from "../kard/rewards.ts";

/** The events of an audit that an issuer can subscribe to. */
export const auditEventType = z.enum([
  "audit.closed",
  "audit.in_progress",
  "audit.rejected",
  "audit.due_soon",
  "audit.overdue",
  "audit.fulfilled",
  "audit.unfulfilled",
]);
export type AuditEventType = z.infer<typeof auditEventType>;

/** Events about the health of an endpoint. They are sent to the issuer's other endpoints. */
export const healthEventType = z.enum(["subscription.failing", "subscription.recovered", "subscription.disabled"]);
export type HealthEventType = z.infer<typeof healthEventType>;

/** Events about an issuer's webhooks. `notification.failed`: a delivery to another endpoint is given up. */
export const webhookEventType = z.enum([...healthEventType.options, "notification.failed"]);
export type WebhookEventType = z.infer<typeof webhookEventType>;

/** All event names. */
export const eventName = z.enum([...auditEventType.options, ...webhookEventType.options]);
export type EventName = z.infer<typeof eventName>;

/**
 * The name of a stored or published event. It may be any: a newer version may have written the event, before a rollback
 * or during a deployment.
 */
export const storedEventName = z.string().min(1);

/** The name of an event in a response. */
export const shownEventName = z
  .string()
  .describe("The name of the event. Later versions have more events, so accept names that you do not know.")
  .meta({ examples: eventName.options });

/** Whether an event is about an audit, by its name. The others are about an issuer's webhooks. */
export function isAuditEvent(name: string): boolean {
  return name.startsWith("audit.");
}

/** Formats epoch milliseconds as ISO 8601 in UTC with milliseconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** These descriptions are published in the contract. */
const auditAttributes = z.object({
  organizationId: z.string().describe("The issuer: its organization id at Kard."),
  status: z
    .enum(["SUBMITTING", "NEW", "IN_PROGRESS", "CLOSED", "REJECTED"])
    .describe("The audit's status. SUBMITTING: Kard has not accepted it yet. REJECTED: Kard refused it."),
  kardAuditId: z.string().optional().describe("Kard's id of the audit, once Kard has accepted it."),
  transactionId: z.string().describe("The audited transaction."),
  auditCode: z.number().describe("Kard's code for the claim."),
  merchantName: z.string().describe("The merchant of the transaction."),
  auditDescription: z.string().describe("A description of the claim."),
  preferredContactEmail: z.string().optional().describe("The e-mail address that Kard may contact about the audit."),
  issuer: z.string().optional().describe("The issuer's name."),
  transactionAmountInCents: z.number().optional().describe("The amount of the transaction, in cents."),
  currency: z.string().optional().describe("The currency of the amount, by ISO 4217."),
  referringPartnerUserId: z.string().optional().describe("The issuer's id of the user."),
  merchantId: z.string().optional().describe("Kard's id of the merchant."),
  submitterName: z.string().optional().describe("The person who submitted the audit."),
  reference: z.string().optional().describe("The issuer's own id of the dispute. Kard does not know it."),
  metadata: z
    .record(z.string(), z.string())
    .optional()
    .describe("The issuer's own data on the audit. Kard does not know it."),
  dueAt: z.iso.datetime().optional().describe("When it is due to be settled, in UTC."),
  resolutionCode: z
    .number()
    .nullable()
    .optional()
    .describe("Kard's code of the resolution; null if Kard gave none. Kard may add codes."),
  resolutionDescription: z.string().nullable().optional().describe("Kard's description of the resolution."),
  resolutionTimeStamp: z.string().nullable().optional().describe("When Kard resolved it, in Kard's format."),
  outcome: outcome
    .optional()
    .describe(
      "What the resolution code means for the customer, once closed. unknown: Kard gave no code, or one that the tracker " +
        "does not know.",
    ),
  nextActor: nextActor.optional().describe("Who has to act after the resolution, once closed."),
  fulfilment: fulfilment
    .optional()
    .describe(
      "Whether Kard's rewards of the user show what the resolution promised. unknown: they could not be compared.",
    ),
});

/** The body of an audit event: the audit as a JSON:API resource, with the event's number within the audit. */
export const auditEventBody = z.object({
  id: z.string().describe("The event's id. It stays the same for every delivery, so use it to deduplicate."),
  type: auditEventType.describe("What happened."),
  timestamp: z.iso.datetime().describe("When it happened, in UTC."),
  data: z.object({
    type: z.literal("audit"),
    id: z.string().describe("The tracker's id of the audit."),
    attributes: auditAttributes,
    relationships: z
      .object({ user: z.object({ data: z.object({ type: z.literal("user"), id: z.string() }) }) })
      .optional()
      .describe("The user of the transaction; absent for audits of Kard's legacy call."),
    sequence: z
      .int()
      .positive()
      .describe(
        "The number of the event within the audit: 1, 2, 3 … Ignore events with a lower number than one that you have seen.",
      ),
  }),
});

export type AuditEventBody = z.infer<typeof auditEventBody>;

/** A deterministic event id, from the id of the audit or subscription and the event's number. */
export function eventId(subjectId: string, sequence: number): string {
  return `evt_${subjectId.replaceAll("-", "")}_${sequence}`;
}

/** The test event that an owner requests. It is sent on request only, so it is not an event name. */
export const testEventBody = z.object({
  id: z.string().describe("The event's id."),
  type: z.literal("subscription.test"),
  timestamp: z.iso.datetime().describe("When the test was requested, in UTC."),
  data: z.object({
    type: z.literal("subscription"),
    id: z.string().describe("The tested subscription."),
    attributes: z.object({ organizationId: z.string().describe("The issuer of the subscription.") }),
  }),
});

export type TestEventBody = z.infer<typeof testEventBody>;
