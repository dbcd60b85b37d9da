import * as z from "zod";
import { scope } from "../core/access/api-key.ts";
import { auditStatus, submission } from "../core/audits/audit.ts";
import { auditEventBody, shownEventName } from "../core/events/events.ts";
import { notificationStatus } from "../core/notifications/notification.ts";
import { jsonApiError } from "../core/shared/json-api-error.ts";
import { listLinks, timestampShape } from "../core/shared/response-shapes.ts";
import { answeredError } from "../platform/http-error.ts";

// The shapes of the function's responses. The descriptions are published.

const { type, id, attributes, relationships } = auditEventBody.shape.data.shape;

/** An audit as a JSON:API resource, as in lists. */
export const auditShape = z.object({
  type,
  id,
  attributes: attributes.extend({
    submission: submission.describe(
      "Whether Kard has the audit. unconfirmed: a create is in flight, or its response was lost. unsent: Kard does not " +
        "have it. confirmed: Kard gave its id or refused it.",
    ),
    createdAt: timestampShape.describe("When the tracker accepted it."),
    acceptedAt: timestampShape.optional().describe("When Kard accepted it."),
    settledAt: timestampShape.optional().describe("When it was closed or rejected."),
    overdueAt: timestampShape.optional().describe("When it became overdue."),
    acceptedWithoutIdAt: timestampShape
      .optional()
      .describe("When Kard accepted it without a readable id. It is not submitted again."),
    followUpAt: timestampShape
      .optional()
      .describe("When it is compared with Kard's rewards of the user, or when that ended. See fulfilment."),
    kardStatus: z.string().optional().describe("Kard's status, if the tracker does not know it."),
    missingSince: timestampShape.optional().describe("Since when Kard answers 404 for it."),
    refusal: z.array(jsonApiError).optional().describe("Kard's errors, if it is REJECTED."),
    sequence: z.int().min(0).describe("The number of its last event; 0 before the first."),
  }),
  relationships,
});

/** One event in the history of an audit. The other fields depend on `what`. */
const moment = z.object({
  what: z.enum([
    "accepted",
    "sent",
    "in_progress",
    "due_soon",
    "overdue",
    "rejected",
    "closed",
    "fulfilled",
    "unfulfilled",
    "published",
    "delivery",
  ]),
  at: timestampShape,
  eventId: z.string().optional().describe("The id of a published event."),
  event: shownEventName.optional().describe("The type of a published event."),
  sequence: z.int().optional().describe("The number of the published or delivered event."),
  subscriptionId: z.string().optional().describe("The subscription of a delivery."),
  milliseconds: z.number().optional().describe("The duration of a delivery, in milliseconds."),
  statusCode: z.int().optional().describe("The status code of a delivery."),
  error: z
    .string()
    .optional()
    .describe(
      "Why a delivery got no complete response, or why the owner's queue, `bus` or `topic` refused a published event " +
        "permanently.",
    ),
});

/** The state of one event for one subscription. */
export const owedNotification = z.object({
  id: z.string(),
  eventId: z.string().optional(),
  eventName: shownEventName,
  sequence: z.int(),
  subscriptionId: z.string(),
  status: notificationStatus,
  attempts: z.int().min(0),
  nextAttemptAt: timestampShape.optional(),
});

/** An audit with its history. */
export const auditDetailsShape = auditShape.extend({
  attributes: auditShape.shape.attributes.extend({
    lastPolledAt: timestampShape.optional().describe("When the last poll of Kard was due."),
    nextPollAt: timestampShape.optional().describe("When Kard is polled next."),
    nextSubmissionAt: timestampShape.optional().describe("When it is submitted to Kard again."),
    timeline: z.array(moment).describe("The history, in order."),
    notifications: z.array(owedNotification).describe("The deliveries of its events."),
  }),
});

/**
 * The response to Create Audits for one accepted audit: Kard's fields, and the status of an audit that is not yet at
 * Kard.
 */
export const createdAudit = z.object({
  type: z.literal("audit"),
  id: z.string().describe("The tracker's id of the audit."),
  attributes: z.object({
    transactionId: z.string(),
    status: auditStatus.optional().describe("SUBMITTING, if Kard has not accepted it yet."),
  }),
});

/** The response to an adoption that is pending. */
export const pendingAdoption = z.object({
  type: z.literal("adoption"),
  id: z.string().describe("Kard's id of the audit. Once the audit is tracked, it can be read by this id, too."),
  attributes: z.object({
    organizationId: z.string(),
    kardAuditId: z.string(),
    status: z.literal("PENDING"),
    createdAt: timestampShape.describe("When the adoption was first requested."),
    nextAttemptAt: timestampShape.describe("When Kard is polled next."),
    givenUpAt: timestampShape.describe("When the adoption ends if Kard has not answered by then."),
  }),
  relationships,
});

const someErrors = z.array(answeredError).describe("The errors. `source.pointer` names the item.");

export const createdAudits = z.object({ data: z.array(createdAudit) });
export const partlyCreatedAudits = z.object({
  errors: someErrors,
  data: z.array(createdAudit).describe("The accepted items; empty if there are none."),
});
export const adoptedAudits = z.object({ data: z.array(auditShape) });
export const pendingAdoptions = z.object({ data: z.array(auditShape.or(pendingAdoption)) });
export const partlyAdoptedAudits = z.object({
  errors: someErrors,
  data: z.array(auditShape.or(pendingAdoption)).optional(),
});
export const auditList = z.object({ data: z.array(auditShape), links: listLinks });
export const oneAudit = z.object({ data: auditDetailsShape });
export const health = z.object({ status: z.literal("ok") });

/** Kard's authentication guide: an access token (RFC 6749, 5.1). */
export const tokenShape = z.object({
  access_token: z.string(),
  expires_in: z.int().positive().describe("The lifetime of the token, in seconds."),
  token_type: z.literal("Bearer"),
});

/** What a caller may do. */
export const callerShape = z.object({
  type: z.literal("caller"),
  attributes: z.object({
    organizations: z.array(z.string()).describe("The issuers that the key or token has access to."),
    scopes: z.array(scope),
    validUntil: timestampShape.optional().describe("When the key expires, if it does and this is known."),
  }),
});

export const callerAnswer = z.object({ data: callerShape });

/** Kard's reference, Ping. */
export const ping = z.object({ message: z.literal("pong"), status: z.literal("ok"), timestamp: timestampShape });
