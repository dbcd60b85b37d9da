import * as z from "zod";
import { transitions } from "../../../functions/core/audits/audit.ts";
import {
  type AuditEventType,
  auditEventBody,
  auditEventType,
  testEventBody,
} from "../../../functions/core/events/events.ts";
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
