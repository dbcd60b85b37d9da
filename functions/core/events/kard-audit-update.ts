import * as z from "zod";
import { auditEventBody, testEventBody } from "./events.ts";

/** The audit events that correspond to Kard's `auditUpdate`: every change of status. */
export const statusEvents = ["audit.in_progress", "audit.closed", "audit.rejected"] as const;

/** The body of Kard's `auditUpdate` (Kard's reference, Notification Webhook), as the tracker sends it. */
export const kardAuditUpdateBody = z.object({
  data: z.object({
    type: z.literal("auditUpdate"),
    id: z.string().describe("The event's id. It stays the same for every delivery, so use it to deduplicate."),
    attributes: z.object({
      status: z
        .enum(["NEW", "IN_PROGRESS", "CLOSED"])
        .describe(
          "Where the audit stands. One that Kard refused after it was accepted here is CLOSED, without a code.",
        ),
      auditCode: z.int().describe("Kard's code for the claim."),
      merchantName: z.string().describe("The merchant of the transaction."),
      auditDescription: z.string().describe("A description of the claim."),
      transactionId: z.string().describe("The audited transaction."),
      resolutionCode: z.int().optional().describe("Kard's code of how it was resolved. Kard may add codes."),
      resolutionDescription: z.string().optional().describe("Kard's description of the resolution."),
      resolutionTimeStamp: z.string().optional().describe("When Kard resolved it, in Kard's format."),
    }),
    relationships: z.object({
      user: z.object({ data: z.object({ type: z.literal("user"), id: z.string() }) }),
      audit: z.object({ data: z.object({ type: z.literal("audit"), id: z.string() }) }),
    }),
  }),
  meta: z.object({
    issuerId: z.string().describe("The issuer: its organization id at Kard."),
    issuerName: z.string().describe("The issuer's name where the audit has it, else its organization."),
  }),
});

export type KardAuditUpdateBody = z.infer<typeof kardAuditUpdateBody>;

const { data } = auditEventBody.shape;

/** The fields that Kard's payload needs. An event of another version may have other values elsewhere. */
const auditEvent = auditEventBody.extend({
  type: z.string(),
  data: data.extend({
    attributes: data.shape.attributes.omit({ outcome: true, nextActor: true, kardAuditId: true }),
  }),
});
const eventBody = testEventBody.or(auditEvent);

/**
 * Converts an event's body to Kard's `auditUpdate`, or a test event to a `subscription.test` in the same envelope. The
 * same event always gives the same bytes, and `JSON.stringify` of the parsed body gives them again: Kard's recipe for
 * receivers verifies the signature over that.
 *
 * @throws ZodError if the body is neither an audit event nor a test event
 */
export function inKardsWords(body: string): string {
  const event = eventBody.parse(JSON.parse(body));
  if (event.data.type === "audit") return JSON.stringify(auditUpdateOf({ ...event, data: event.data }));
  const { id, type, data } = event;
  const subscription = { data: { type: data.type, id: data.id } };
  return JSON.stringify({
    data: { type, id, attributes: {}, relationships: { subscription } },
    meta: { issuerId: data.attributes.organizationId },
  });
}

function auditUpdateOf({ id, data, timestamp }: z.infer<typeof auditEvent>): KardAuditUpdateBody {
  const { status, auditCode, merchantName, auditDescription, transactionId, organizationId, issuer } = data.attributes;
  const user = data.relationships?.user.data.id ?? data.attributes.referringPartnerUserId ?? "";
  const isRefused = status === "REJECTED";
  return {
    data: {
      type: "auditUpdate",
      id,
      attributes: {
        status: kardStatusOf(status),
        ...{ auditCode, merchantName, auditDescription, transactionId },
        ...(isRefused
          ? { resolutionDescription: "Refused by Kard", resolutionTimeStamp: timestamp }
          : resolutionOf(data.attributes)),
      },
      relationships: {
        user: { data: { type: "user", id: user } },
        audit: { data: { type: "audit", id: data.id } },
      },
    },
    meta: { issuerId: organizationId, issuerName: issuer ?? organizationId },
  };
}

type Attributes = z.infer<typeof auditEvent>["data"]["attributes"];

/** Kard omits unknown fields in pushes; only its status call has null. */
function resolutionOf({ resolutionCode, resolutionDescription, resolutionTimeStamp }: Attributes) {
  return {
    ...(typeof resolutionCode === "number" && { resolutionCode }),
    ...(typeof resolutionDescription === "string" && { resolutionDescription }),
    ...(typeof resolutionTimeStamp === "string" && { resolutionTimeStamp }),
  };
}

/** Kard has three statuses: an audit that is not yet at Kard is NEW, and a refused one is CLOSED. */
export function kardStatusOf(status: Attributes["status"]): "NEW" | "IN_PROGRESS" | "CLOSED" {
  switch (status) {
    case "SUBMITTING":
    case "NEW":
      return "NEW";
    case "IN_PROGRESS":
      return "IN_PROGRESS";
    case "CLOSED":
    case "REJECTED":
      return "CLOSED";
  }
}
