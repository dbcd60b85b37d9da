import * as z from "zod";
import { eventName } from "../../../functions/core/events/events.ts";
import { kardAuditUpdateBody } from "../../../functions/core/events/kard-audit-update.ts";
import { thinEventBody } from "../../../functions/core/events/thin-event.ts";
import { type PublishedShape, publishedEvents } from "./published-events.ts";

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
