import * as z from "zod";
import { transitions } from "../../../functions/core/audits/audit.ts";
import {
  type AuditEventType,
  auditEventBody,
  auditEventType,
  eventName,
  testEventBody,
} from "../../../functions/core/events/events.ts";
import { kardAuditUpdateBody } from "../../../functions/core/events/kard-audit-update.ts";
import { thinEventBody } from "../../../functions/core/events/thin-event.ts";
import {
  notificationFailedEventBody,
  subscriptionDisabledEventBody,
  subscriptionFailingEventBody,
  subscriptionRecoveredEventBody,
} from "../../../functions/core/events/webhook-events.ts";
import { resolution } from "../../../functions/core/kard/resolution.ts";

/** One published shape. */
export interface PublishedShape {
  schema: z.ZodObject;
  title: string;
  summary: string;
}

const titles: Record<AuditEventType, { title: string; summary: string }> = {
  "audit.closed": { title: "AuditClosed", summary: "Kard has resolved an audit." },
  "audit.in_progress": { title: "AuditInProgress", summary: "Kard has started to process an audit." },
  "audit.rejected": { title: "AuditRejected", summary: "Kard has refused an audit that the tracker had accepted." },
  "audit.due_soon": {
    title: "AuditDueSoon",
    summary: "An audit is open, and its `dueAt` is near.",
  },
  "audit.overdue": {
    title: "AuditOverdue",
    summary: "An audit is open for longer than expected. The tracker continues to poll it.",
  },
  "audit.fulfilled": {
    title: "AuditFulfilled",
    summary: "Kard's rewards of the user show what the resolution promised.",
  },
  "audit.unfulfilled": {
    title: "AuditUnfulfilled",
    summary: "Kard's rewards of the user do not show what the resolution promised.",
  },
};

/** The schema of one event type: the audit's status and, if closed, its resolution. */
function auditEventOf(type: AuditEventType): z.ZodObject {
  const statuses = Object.values(transitions).flatMap(({ event, from, to }) => {
    if (event !== type) return [];
    return to === undefined ? from : [to];
  });
  const { data } = auditEventBody.shape;
  const { attributes } = data.shape;
  return auditEventBody.extend({
    type: z.literal(type).describe(auditEventBody.shape.type.description ?? ""),
    data: data.extend({
      attributes: attributes.extend({
        status: z.enum(statuses).describe(attributes.shape.status.description ?? ""),
        ...(type === "audit.closed" ? requiredResolution(attributes.shape) : {}),
      }),
    }),
  });
}

/** A closed audit has all fields of the resolution; they can be null. */
function requiredResolution(shape: (typeof auditEventBody)["shape"]["data"]["shape"]["attributes"]["shape"]) {
  const names = Object.keys(resolution.shape) as (keyof typeof resolution.shape)[];
  return Object.fromEntries(
    names.map((name) => [name, resolution.shape[name].describe(shape[name].description ?? "")]),
  );
}

/** All events by name, in order of declaration. */
export const publishedEvents: ReadonlyMap<string, PublishedShape> = new Map<string, PublishedShape>([
  ...auditEventType.options.map((type) => [type, { schema: auditEventOf(type), ...titles[type] }] as const),
  [
    "subscription.failing",
    {
      schema: subscriptionFailingEventBody,
      title: "SubscriptionFailing",
      summary: "All deliveries to another endpoint have failed for half a day, two days or four days.",
    },
  ],
  [
    "subscription.recovered",
    {
      schema: subscriptionRecoveredEventBody,
      title: "SubscriptionRecovered",
      summary: "The first delivery to another endpoint has succeeded after it was failing or disabled.",
    },
  ],
  [
    "subscription.disabled",
    {
      schema: subscriptionDisabledEventBody,
      title: "SubscriptionDisabled",
      summary: "Another subscription of the issuer was disabled. Its notifications are held.",
    },
  ],
  [
    "notification.failed",
    {
      schema: notificationFailedEventBody,
      title: "NotificationFailed",
      summary: "A delivery to another endpoint was given up. A replay sends it again.",
    },
  ],
  [
    "subscription.test",
    { schema: testEventBody, title: "SubscriptionTest", summary: "A ping that the subscription's owner requested." },
  ],
]);

/** The headers of a webhook (Standard Webhooks 1.0.0). */
const webhookHeaders = z.object({
  "content-type": z.literal("application/json"),
  "webhook-id": z.string().describe("The event's id. It is the same on every attempt."),
  "webhook-timestamp": z
    .string()
    .regex(/^\d+$/)
    .describe("Time of this attempt, in seconds since 1970. Reject timestamps that differ by more than five minutes."),
  "webhook-signature": z
    .string()
    .describe(
      "Signatures, separated by spaces; several during a secret rotation. Each is a version, a comma and " +
        "base64. `v1` is HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{raw body}`, keyed with the base64-decoded " +
        "part of the secret after `whsec_`. `v1a` is Ed25519 over the same text, verified with the `whpk_` key. One " +
        "matching signature is enough. Ignore unknown versions.",
    ),
});

/** The headers of a webhook in Kard's format (Kard's notification guide). */
const kardWebhookHeaders = z.object({
  "content-type": z.literal("application/json"),
  "notify-signature": z
    .string()
    .describe("Base64 of HMAC-SHA256 over the raw body, keyed with the subscription's webhook key as it is written."),
});

/** What a subscription to Kard's own event receives. */
export const kardAuditUpdate: PublishedShape = {
  schema: kardAuditUpdateBody,
  title: "KardAuditUpdate",
  summary: "A change of status in Kard's own format, for subscriptions to `auditUpdate`.",
};

/** The SQS message attributes of a message in the resolutions queue. */
const resolutionAttributes = z.object({
  type: z.literal("audit.closed").describe("The event's name."),
  organizationId: z.string().describe("The audit's issuer."),
  resolutionCode: z
    .string()
    .regex(/^\d+$/)
    .optional()
    .describe("Kard's resolution code (data type Number); absent if Kard gave none."),
});

/** The message attributes of any event in the queue or a topic. */
const eventAttributes = resolutionAttributes.extend({
  type: eventName.describe("The event's name."),
  organizationId: z.string().describe("The issuer."),
  resolutionCode: resolutionAttributes.shape.resolutionCode.describe(
    "Kard's resolution code (data type Number) of `audit.closed`; absent if Kard gave none, and for other events.",
  ),
});

/** All published shapes by name. */
export const publishedShapes: ReadonlyMap<string, PublishedShape> = new Map([
  ...publishedEvents,
  [
    "webhook-headers",
    { schema: webhookHeaders, title: "WebhookHeaders", summary: "The headers of a webhook, in lower case." },
  ],
  ["kard-audit-update", kardAuditUpdate],
  [
    "thin-event",
    {
      schema: thinEventBody,
      title: "ThinEvent",
      summary: "What a subscription with `payload: thin` receives of each event.",
    },
  ],
  [
    "kard-webhook-headers",
    {
      schema: kardWebhookHeaders,
      title: "KardWebhookHeaders",
      summary: "The headers of a webhook in Kard's format, in lower case.",
    },
  ],
  [
    "resolution-attributes",
    {
      schema: resolutionAttributes,
      title: "ResolutionAttributes",
      summary: "The message attributes of a resolution in the queue.",
    },
  ],
  [
    "event-attributes",
    {
      schema: eventAttributes,
      title: "EventAttributes",
      summary: "The message attributes of an event in the queue or a topic.",
    },
  ],
]);
