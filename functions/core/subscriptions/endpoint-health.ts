import { asciiJson } from "../events/ascii-json.ts";
import { eventId, type SubscriptionDisabledEventBody, timestamp } from "../events/events.ts";
import type { Attempt } from "./attempt.ts";
import type { Subscription } from "./subscription.ts";

/** An endpoint that only fails is disabled after this time, in milliseconds. */
const disableAfterMs = 5 * 24 * 60 * 60_000;

/**
 * How long the work after a change of a subscription may take before the sweep does it, in milliseconds. By then every
 * worker with the old subscription has ended: functions run for a minute and cache it for two seconds.
 */
const settleGraceMs = 90_000;

const firstBackoffMs = 30_000;
/** The longest backoff of an endpoint, unless its `Retry-After` is longer. */
const maxBackoffMs = 14 * 60_000;
/** The longest accepted `Retry-After`. */
const maxRetryAfterMs = 24 * 60 * 60_000;

/** Statuses of an overloaded endpoint or its proxy. */
const overloaded: readonly (number | undefined)[] = [429, 502, 504];

/** An endpoint is slow if a webhook takes longer than this, in milliseconds. */
export const slowAfterMs = 1_000;

/** How long an endpoint counts as slow, in milliseconds. */
const slowForMs = 10 * 60_000;

export function isSlow({ slowUntil = 0 }: Subscription, now: number): boolean {
  return now < slowUntil;
}

/** Marks an endpoint as slow; `undefined` if it was marked recently. */
export function markSlow(subscription: Subscription, now: number): Subscription | undefined {
  if (isSlow(subscription, now + slowForMs / 2)) return undefined;
  return { ...subscription, slowUntil: now + slowForMs };
}

/** After this long of only failures an alarm counts the endpoint, in milliseconds. It is disabled much later. */
const longFailingMs = 6 * 60 * 60 * 1000;

/** Whether an endpoint has only failed for so long that it will hardly recover by itself. */
export function isFailingForLong({ failingSince }: Subscription, now: number): boolean {
  return failingSince !== undefined && now - failingSince >= longFailingMs;
}

/** The subscription after a 2xx response; `undefined` if nothing changes. */
export function afterSuccess(subscription: Subscription): Subscription | undefined {
  const { failingSince, backoff, ...healthy } = subscription;
  return failingSince === undefined && backoff === undefined ? undefined : healthy;
}

/**
 * The subscription after a failed attempt; `undefined` if nothing changes. A 410 disables it at once, and five days of
 * only failures disable it, too. An error of the tracker (`internal-error`) is no failure of the endpoint.
 */
export function afterFailure(
  subscription: Subscription,
  attempt: Attempt,
  retryAfterMs: number | undefined,
): Subscription | undefined {
  const now = attempt.at + attempt.ms;
  if (!subscription.enabled || attempt.error === "internal-error") return undefined;
  if (attempt.statusCode === 410) return disable(subscription, "gone", now);
  const { failingSince = now } = subscription;
  if (now - failingSince >= disableAfterMs) return disable(subscription, "failing", now);
  const backoff = nextBackoff(subscription, attempt, retryAfterMs, now);
  if (backoff === subscription.backoff && subscription.failingSince !== undefined) return undefined;
  return { ...subscription, failingSince, ...(backoff === undefined ? {} : { backoff }) };
}

/** Attempts that started before the backoff do not extend it. */
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

/** Removes failures, backoff and the slow mark. */
function withResetHealth(subscription: Subscription): Subscription {
  const { failingSince: _failingSince, backoff: _slowed, slowUntil: _slowUntil, ...rest } = subscription;
  return rest;
}

/** Changes the URL. The health of the old endpoint does not apply to the new one. */
export function withWebhookUrl(subscription: Subscription, webhookUrl: string): Subscription {
  return webhookUrl === subscription.webhookUrl ? subscription : { ...withResetHealth(subscription), webhookUrl };
}

/** The owner enables the subscription, which resets its health, or disables it, which sends no event. */
export function setEnabled(subscription: Subscription, enabled: boolean, now: number): Subscription {
  if (subscription.enabled === enabled) return subscription;
  const { disabled: _disabled, event: _event, ...rest } = withResetHealth(subscription);
  return enabled
    ? { ...rest, enabled, outboxAt: now + settleGraceMs }
    : { ...rest, enabled, disabled: { at: now, reason: "by-owner" } };
}
