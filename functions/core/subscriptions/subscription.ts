import * as z from "zod";
import type { Audit } from "../audits/audit.ts";
import { storedEventName } from "../events/events.ts";
import { announcedTo } from "../events/webhook-events.ts";
import { storedDeliveryOptions } from "./delivery-options.ts";

/** Limits audit events to these codes. `resolutionCodes` applies only to `audit.closed`. */
const subscriptionFilters = z.object({
  auditCodes: z.array(z.number()).optional(),
  resolutionCodes: z.array(z.number()).optional(),
});

/** An event about the health of a subscription's endpoint. */
const healthEvent = z.object({
  sequence: z.number(),
  eventName: storedEventName,
  at: z.number(),
  id: z.string(),
  body: z.string(),
  /** Where it was announced, if it could not be announced everywhere. */
  announcedTo,
});

export type StoredHealthEvent = z.infer<typeof healthEvent>;

/** A webhook subscription of an issuer. Times are epoch milliseconds. */
export const subscription = z.object({
  organizationId: z.string(),
  subscriptionId: z.string(),
  /** The URL of its endpoint, or the ARN of its queue or event bus (`readTarget`). */
  webhookUrl: z.string(),
  eventNames: z.array(storedEventName),
  /** `kard`: it gets Kard's payloads and signature, and its secrets are webhook keys. */
  format: z.literal("kard").optional(),
  filters: subscriptionFilters.optional(),
  /** Sent with every webhook. They may be credentials, so their values are never shown. */
  headers: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
  ...storedDeliveryOptions.shape,
  enabled: z.boolean(),
  /** The time since which it has been disabled, and the reason. A newer version may know more reasons. */
  disabled: z.object({ at: z.number(), reason: z.string() }).optional(),
  /** Signing keys, the current one first: `whsec_…` or `whsk_…` (Standard Webhooks 1.0.0), or Kard's webhook keys. */
  secrets: z.array(z.object({ secret: z.string(), signsUntil: z.number().optional() })).min(1),
  createdAt: z.number(),
  /** Counts the changes. A change is refused if it has not seen the last one. */
  revision: z.number(),
  /** The time of the first failure since the last success. */
  failingSince: z.number().optional(),
  /** How many of its stages of failing were announced since then, and when the first was. */
  warned: z.object({ stages: z.number(), firstAt: z.number() }).optional(),
  /** Whether the last event about its health was `subscription.failing` or `subscription.disabled`. */
  inTrouble: z.literal(true).optional(),
  /** The time until which the endpoint counts as slow. Its deliveries use a queue of their own. */
  slowUntil: z.number().optional(),
  /**
   * The time until which no attempts are made, because the endpoint is overloaded or does not answer. The wait doubles
   * each time.
   */
  backoff: z.object({ until: z.number(), waitMs: z.number() }).optional(),
  /** The number of times that its endpoint's failures have disabled it. */
  sequence: z.number(),
  /** How many events about its health there were, and those that are not announced yet. */
  eventCount: z.number().optional(),
  events: z.array(healthEvent).optional(),
  /** The last notification whose failure its contact hears of, and when that was decided. */
  contacted: z.object({ at: z.number(), notificationId: z.string() }).optional(),
  /** When the sweep announces its events and completes the work of enabling or disabling it. */
  outboxAt: z.number().optional(),
});

export type Subscription = z.infer<typeof subscription>;

/** What decides which events a subscription gets. */
export const subscriber = subscription.pick({
  organizationId: true,
  subscriptionId: true,
  eventNames: true,
  filters: true,
  enabled: true,
  createdAt: true,
});

export type Subscriber = z.infer<typeof subscriber>;

/** What is kept of a deleted subscription until its held notifications are marked as failed. */
export const deletedSubscription = z.object({
  organizationId: z.string(),
  subscriptionId: z.string(),
  deletedAt: z.number(),
  outboxAt: z.number(),
});

export type DeletedSubscription = z.infer<typeof deletedSubscription>;

export type SubscriptionKey = Pick<Subscription, "organizationId" | "subscriptionId">;

/**
 * Whether a subscription gets an event of an audit: its events and filters match, and it existed when the event
 * happened.
 */
export function isSubscribedTo(
  { eventNames, createdAt, filters = {} }: Subscriber,
  event: { type: string; at: number },
  audit: Pick<Audit, "request" | "resolution">,
): boolean {
  if (createdAt > event.at || !eventNames.includes(event.type)) return false;
  if (filters.auditCodes?.includes(audit.request.auditCode) === false) return false;
  if (event.type !== "audit.closed" || filters.resolutionCodes === undefined) return true;
  const code = audit.resolution?.resolutionCode;
  return typeof code === "number" && filters.resolutionCodes.includes(code);
}
