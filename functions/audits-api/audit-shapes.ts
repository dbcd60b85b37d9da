import { z } from "zod";
import { auditStatus, submission } from "../core/audits/audit.ts";
import { auditEventBody, eventName } from "../core/events/events.ts";
import { notificationStatus } from "../core/notifications/notification.ts";
import { listLinks, shownTime } from "../core/shared/answer-shapes.ts";
import { jsonApiError } from "../core/shared/json-api-error.ts";
import { answeredError } from "../platform/http-error.ts";

// The shapes of the function's responses. The descriptions are published.

const { type, id, attributes, relationships } = auditEventBody.shape.data.shape;

/** An audit as a JSON:API resource, as in lists. */
export const shownAudit = z.object({
  type,
  id,
  attributes: attributes.extend({
    submission: submission.describe(
      "Whether Kard has the audit. unconfirmed: a call is on its way, or its answer was lost. unsent: Kard has not got it. " +
        "confirmed: Kard gave its id, or refused it.",
    ),
    createdAt: shownTime.describe("When the tracker took it."),
    acceptedAt: shownTime.optional().describe("When Kard took it."),
    settledAt: shownTime.optional().describe("When it was closed or rejected."),
    overdueAt: shownTime.optional().describe("When it had been open for longer than it should be."),
    acceptedWithoutIdAt: shownTime
      .optional()
      .describe("When Kard took it with an answer that held no readable id: it is not handed over again."),
    kardStatus: z.string().optional().describe("Kard's own status, while it is one that the tracker does not know."),
    missingSince: shownTime.optional().describe("Since when Kard no longer knows it."),
    refusal: z.array(jsonApiError).optional().describe("Kard's reasons, of a REJECTED one."),
    sequence: z.int().min(0).describe("The number of its last event; 0 before the first."),
  }),
  relationships,
});

/** One event in the history of an audit. The other fields depend on `what`. */
const moment = z.object({
  what: z.enum(["accepted", "sent", "in_progress", "overdue", "rejected", "closed", "published", "delivery"]),
  at: shownTime,
  eventId: z.string().optional().describe("Of an event that was published: its id."),
  event: eventName.optional().describe("Of an event that was published: its type."),
  sequence: z.int().optional().describe("The event that was published or delivered, by its number."),
  subscriptionId: z.string().optional().describe("Of a delivery: to whom."),
  milliseconds: z.number().optional().describe("Of a delivery: how long it took."),
  statusCode: z.int().optional().describe("Of a delivery: what the endpoint answered."),
  error: z
    .string()
    .optional()
    .describe(
      "Of a delivery: what kept it from being answered. Of an event that was published: why the resolutions queue has " +
        "refused it for good.",
    ),
});

/** The state of one event for one subscription. */
export const owedNotification = z.object({
  id: z.string(),
  eventId: z.string().optional(),
  eventName,
  sequence: z.int(),
  subscriptionId: z.string(),
  status: notificationStatus,
  attempts: z.int().min(0),
  nextAttemptAt: shownTime.optional(),
});

/** An audit with its history. */
export const shownAuditDetails = shownAudit.extend({
  attributes: shownAudit.shape.attributes.extend({
    lastPolledAt: shownTime.optional().describe("When Kard was last due to be asked."),
    nextPollAt: shownTime.optional().describe("When Kard is asked next."),
    nextSubmissionAt: shownTime.optional().describe("When it is handed to Kard again."),
    timeline: z.array(moment).describe("What happened, in order."),
    notifications: z.array(owedNotification).describe("Who has been told of which event."),
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
    status: auditStatus.optional().describe("Of one that Kard has yet to take."),
  }),
});

/** The response to an adoption that is pending. */
export const pendingAdoption = z.object({
  type: z.literal("adoption"),
  id: z.string().describe("Kard's id of the audit. Once it is tracked, the audit is found by this id, too."),
  attributes: z.object({
    organizationId: z.string(),
    kardAuditId: z.string(),
    status: z.literal("PENDING"),
    createdAt: shownTime.describe("When it was first asked for."),
    nextAttemptAt: shownTime.describe("When Kard is asked next."),
    givenUpAt: shownTime.describe("When it ends without an audit if Kard has given no answer by then."),
  }),
  relationships,
});

const someErrors = z.array(answeredError).describe("What was refused; `source.pointer` says which.");

export const createdAudits = z.object({ data: z.array(createdAudit) });
export const partlyCreatedAudits = z.object({
  errors: someErrors,
  data: z.array(createdAudit).describe("What was taken; empty where nothing was."),
});
export const adoptedAudits = z.object({ data: z.array(shownAudit) });
export const pendingAdoptions = z.object({ data: z.array(shownAudit.or(pendingAdoption)) });
export const partlyAdoptedAudits = z.object({
  errors: someErrors,
  data: z.array(shownAudit.or(pendingAdoption)).optional(),
});
export const auditList = z.object({ data: z.array(shownAudit), links: listLinks });
export const oneAudit = z.object({ data: shownAuditDetails });
export const health = z.object({ status: z.literal("ok") });

/** Kard's authentication guide: an access token (RFC 6749, 5.1). */
export const shownToken = z.object({
  access_token: z.string(),
  expires_in: z.int().positive().describe("After how many seconds to ask for another."),
  token_type: z.literal("Bearer"),
});

/** Kard's reference, Ping. */
export const ping = z.object({ message: z.literal("pong"), status: z.literal("ok"), timestamp: shownTime });
