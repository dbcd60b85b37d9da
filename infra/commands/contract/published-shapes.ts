import { z } from "zod";
import { transitions } from "../../../functions/core/audits/audit.ts";
import {
  type AuditEventType,
  auditEventBody,
  auditEventType,
  subscriptionDisabledEventBody,
  testEventBody,
} from "../../../functions/core/events/events.ts";
import { resolution } from "../../../functions/core/kard/resolution.ts";

/** One shape that receivers rely on. */
export interface PublishedShape {
  schema: z.ZodObject;
  title: string;
  summary: string;
}

const titles: Record<AuditEventType, { title: string; summary: string }> = {
  "audit.closed": { title: "AuditClosed", summary: "Kard has resolved an audit." },
  "audit.in_progress": { title: "AuditInProgress", summary: "Kard has begun to work on an audit." },
  "audit.rejected": { title: "AuditRejected", summary: "Kard has refused an audit that was accepted here before." },
  "audit.overdue": {
    title: "AuditOverdue",
    summary: "An audit is open for longer than it should be. It goes on being watched.",
  },
};

/** The schema of one kind of event: the status that the audit then has, and, once closed, a resolution. */
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

/** Of a closed audit every field of the resolution is there, if only as null. */
function requiredResolution(shape: (typeof auditEventBody)["shape"]["data"]["shape"]["attributes"]["shape"]) {
  const names = Object.keys(resolution.shape) as (keyof typeof resolution.shape)[];
  return Object.fromEntries(
    names.map((name) => [name, resolution.shape[name].describe(shape[name].description ?? "")]),
  );
}

/** Every event by its name, in the order in which they are declared; last the one that comes on request only. */
export const publishedEvents: ReadonlyMap<string, PublishedShape> = new Map<string, PublishedShape>([
  ...auditEventType.options.map((type) => [type, { schema: auditEventOf(type), ...titles[type] }] as const),
  [
    "subscription.disabled",
    {
      schema: subscriptionDisabledEventBody,
      title: "SubscriptionDisabled",
      summary: "Another subscription of the issuer has been given up; what it is owed is held.",
    },
  ],
  [
    "subscription.test",
    { schema: testEventBody, title: "SubscriptionTest", summary: "The subscription's owner asked for a ping." },
  ],
]);

/** What a webhook carries beside its body (Standard Webhooks 1.0.0). */
const webhookHeaders = z.object({
  "content-type": z.literal("application/json"),
  "webhook-id": z.string().describe("The event's id: the same on every attempt."),
  "webhook-timestamp": z
    .string()
    .regex(/^\d+$/)
    .describe("When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off."),
  "webhook-signature": z
    .string()
    .describe(
      "Signatures, separated by spaces: more than one while a secret is being replaced. Each is a version, a comma and " +
        "base64. `v1` is HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{raw body}`, keyed with the base64-decoded " +
        "part of the secret behind `whsec_`; `v1a` is Ed25519 over the same, verified with the `whpk_` key. One that " +
        "matches is enough; ignore versions that you do not know.",
    ),
});

/** What a message of the resolutions queue carries beside its body, as SQS message attributes. */
const resolutionAttributes = z.object({
  type: z.literal("audit.closed").describe("The event's name."),
  organizationId: z.string().describe("The issuer whose audit it is."),
  resolutionCode: z
    .string()
    .regex(/^\d+$/)
    .optional()
    .describe("Kard's resolution code (data type Number); absent where Kard gave none."),
});

/** All that is published, by name. */
export const publishedShapes: ReadonlyMap<string, PublishedShape> = new Map([
  ...publishedEvents,
  [
    "webhook-headers",
    { schema: webhookHeaders, title: "WebhookHeaders", summary: "The headers of a webhook, in lower case." },
  ],
  [
    "resolution-attributes",
    {
      schema: resolutionAttributes,
      title: "ResolutionAttributes",
      summary: "The message attributes of a message in the resolutions queue.",
    },
  ],
]);
