import { asciiJson } from "../events/ascii-json.ts";
import { eventId, type SubscriptionDisabledEventBody, timestamp } from "../events/events.ts";
import type { Attempt } from "./attempt.ts";
import type { Subscription } from "./subscription.ts";

/** How long an endpoint may only fail before it is given up, in milliseconds. */
const disableAfterMs = 5 * 24 * 60 * 60_000;

/**
 * How long the work that a change calls for has to be done before the sweep does it, in milliseconds. By then every
 * worker that has read the subscription before the change has ended: functions run for a minute, and remember it for
 * two seconds.
 */
const settleGraceMs = 90_000;

const firstBackoffMs = 30_000;
/** An endpoint that has recovered is asked again after this at the latest, unless it named a later time itself. */
const maxBackoffMs = 14 * 60_000;
/** The longest that a `Retry-After` is believed. */
const maxRetryAfterMs = 24 * 60 * 60_000;

/** Statuses by which an endpoint, or what stands before it, says that it is asked too much. */
const overloaded: readonly (number | undefined)[] = [429, 502, 504];

/** An endpoint that lets a webhook wait for longer than this is slow, in milliseconds. */
export const slowAfterMs = 1_000;

/** How long an endpoint that was found slow is taken for slow, in milliseconds. */
const slowForMs = 10 * 60_000;

export function isSlow({ slowUntil = 0 }: Subscription, now: number): boolean {
  return now < slowUntil;
}

/** The subscription of an endpoint that was found slow, or `undefined` when that was found not long ago. */
export function markSlow(subscription: Subscription, now: number): Subscription | undefined {
  if (isSlow(subscription, now + slowForMs / 2)) return undefined;
  return { ...subscription, slowUntil: now + slowForMs };
}

/** After this long someone is told that an endpoint only fails, in milliseconds: long before it is disabled. */
const longFailingMs = 6 * 60 * 60 * 1000;

/** Whether an endpoint has only failed for so long that it will hardly recover by itself. */
export function isFailingForLong({ failingSince }: Subscription, now: number): boolean {
  return failingSince !== undefined && now - failingSince >= longFailingMs;
}

/** The subscription after a webhook was answered 2xx, or `undefined` when that is nothing new. */
export function afterSuccess(subscription: Subscription): Subscription | undefined {
  const { failingSince, backoff, ...healthy } = subscription;
  return failingSince === undefined && backoff === undefined ? undefined : healthy;
}

/**
 * The subscription after a webhook was not answered 2xx, or `undefined` when that is nothing new. It is disabled at
 * once by a 410, and after five days in which it only failed.
 */
export function afterFailure(
  subscription: Subscription,
  attempt: Attempt,
  retryAfterMs: number | undefined,
): Subscription | undefined {
  const now = attempt.at + attempt.ms;
  if (!subscription.enabled) return undefined;
  if (attempt.statusCode === 410) return disable(subscription, "gone", now);
  const { failingSince = now } = subscription;
  if (now - failingSince >= disableAfterMs) return disable(subscription, "failing", now);
  const backoff = nextBackoff(subscription, attempt, retryAfterMs, now);
  if (backoff === subscription.backoff && subscription.failingSince !== undefined) return undefined;
  return { ...subscription, failingSince, ...(backoff === undefined ? {} : { backoff }) };
}

/** Attempts that were under way when the endpoint was slowed down do not slow it down further. */
function nextBackoff(
  { backoff }: Subscription,
  { at, statusCode, error }: Attempt,
  retryAfterMs: number | undefined,
  now: number,
): Subscription["backoff"] {
  if (!overloaded.includes(statusCode) && error !== "timeout") return backoff;
  if (backoff !== undefined && at < backoff.until) return backoff;
  const waitMs = Math.min(backoff === undefined ? firstBackoffMs : backoff.waitMs * 2, maxBackoffMs);
  return { until: now + Math.max(waitMs, Math.min(retryAfterMs ?? 0, maxRetryAfterMs)), waitMs };
}

function disable(subscription: Subscription, reason: "gone" | "failing", now: number): Subscription {
  const { organizationId, subscriptionId, webhookUrl, description } = subscription;
  const sequence = subscription.sequence + 1;
  const id = eventId(subscriptionId, sequence);
  const body: SubscriptionDisabledEventBody = {
    id,
    type: "subscription.disabled",
    timestamp: timestamp(now),
    data: {
      type: "subscription",
      id: subscriptionId,
      attributes: {
        organizationId,
        webhookUrl,
        ...(description === undefined ? {} : { description }),
        disabledAt: timestamp(now),
        disabledReason: reason,
      },
      sequence,
    },
  };
  return {
    ...subscription,
    enabled: false,
    disabled: { at: now, reason },
    sequence,
    event: { id, body: asciiJson(body) },
    outboxAt: now + settleGraceMs,
  };
}

/** The subscription with nothing held against its endpoint. */
function withResetHealth(subscription: Subscription): Subscription {
  const { failingSince: _failingSince, backoff: _slowed, slowUntil: _slowUntil, ...rest } = subscription;
  return rest;
}

/** The subscription with this URL: what was noted of another endpoint says nothing of this one. */
export function withWebhookUrl(subscription: Subscription, webhookUrl: string): Subscription {
  return webhookUrl === subscription.webhookUrl ? subscription : { ...withResetHealth(subscription), webhookUrl };
}

/** The subscription switched by its owner: on with a clean record, or off without telling anyone. */
export function setEnabled(subscription: Subscription, enabled: boolean, now: number): Subscription {
  if (subscription.enabled === enabled) return subscription;
  const { disabled: _disabled, event: _event, ...rest } = withResetHealth(subscription);
  return enabled
    ? { ...rest, enabled, outboxAt: now + settleGraceMs }
    : { ...rest, enabled, disabled: { at: now, reason: "by-owner" } };
}
