import { z } from "zod";
import type { Audit } from "../audits/audit.ts";
import { disabledReason, type EventName, eventName } from "../events/events.ts";

/** Narrows audit events to audits of these codes; `resolutionCodes` judges `audit.closed` alone. */
const subscriptionFilters = z.object({
  auditCodes: z.array(z.number()).optional(),
  resolutionCodes: z.array(z.number()).optional(),
});

/** Where an issuer wants its events sent. Times are epoch milliseconds. */
export const subscription = z.object({
  organizationId: z.string(),
  subscriptionId: z.string(),
  webhookUrl: z.string(),
  eventNames: z.array(eventName),
  filters: subscriptionFilters.optional(),
  /** Sent with every webhook. They may carry credentials, so their values are never shown again. */
  headers: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
  enabled: z.boolean(),
  /** Why and since when it is not enabled. */
  disabled: z.object({ at: z.number(), reason: disabledReason }).optional(),
  /** Signing keys, the current one first: `whsec_…` or `whsk_…` (Standard Webhooks 1.0.0). */
  secrets: z.array(z.object({ secret: z.string(), signsUntil: z.number().optional() })).min(1),
  createdAt: z.number(),
  /** Counts its changes: a change that has not seen the last one is refused. */
  revision: z.number(),
  /** When the first of the attempts failed that have only failed since. */
  failingSince: z.number().optional(),
  /** An endpoint that lets its callers wait has them by a queue of its own until then. */
  slowUntil: z.number().optional(),
  /** An endpoint that asked for less, or does not answer, is left alone until then; the wait grows while it goes on. */
  backoff: z.object({ until: z.number(), waitMs: z.number() }).optional(),
  /** How often it was disabled because its endpoint failed, and the event of the last time. */
  sequence: z.number(),
  event: z.object({ id: z.string(), body: z.string() }).optional(),
  /** When the sweep looks whether all has been done that enabling or disabling it calls for. */
  outboxAt: z.number().optional(),
});

export type Subscription = z.infer<typeof subscription>;

/** What is left of a deleted subscription until what was held for it has been given up. */
export const deletedSubscription = z.object({
  organizationId: z.string(),
  subscriptionId: z.string(),
  deletedAt: z.number(),
  outboxAt: z.number(),
});

export type DeletedSubscription = z.infer<typeof deletedSubscription>;

export type SubscriptionKey = Pick<Subscription, "organizationId" | "subscriptionId">;

/** Whether a subscription is owed an event of an audit: it asked for it, and existed when the event came about. */
export function isSubscribedTo(
  { eventNames, createdAt, filters = {} }: Subscription,
  event: { type: EventName; at: number },
  audit: Pick<Audit, "request" | "resolution">,
): boolean {
  if (createdAt > event.at || !eventNames.includes(event.type)) return false;
  if (filters.auditCodes?.includes(audit.request.auditCode) === false) return false;
  if (event.type !== "audit.closed" || filters.resolutionCodes === undefined) return true;
  const code = audit.resolution?.resolutionCode;
  return typeof code === "number" && filters.resolutionCodes.includes(code);
}
