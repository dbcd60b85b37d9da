import type { Attempt } from "./attempt.ts";
import { eventCountOf, settleGraceMs, withHealthEvent } from "./health-event.ts";
import type { Subscription } from "./subscription.ts";

const hours = 60 * 60_000;

/** When an endpoint that only fails is announced as failing, in milliseconds after its first failure. */
const failingStagesMs: readonly number[] = [12 * hours, 48 * hours, 96 * hours];

/** An endpoint that only fails is disabled after this time, in milliseconds. */
const disableAfterMs = 120 * hours;

/** The least time between the first announcement of failures and disabling, in milliseconds. */
const noticeMs = 24 * hours;

const firstBackoffMs = 30_000;
/** The longest backoff of an endpoint, unless its `Retry-After` is longer. */
const maxBackoffMs = 14 * 60_000;
/** The longest accepted `Retry-After`. */
const maxRetryAfterMs = 24 * 60 * 60_000;

/** Statuses of an overloaded endpoint or its proxy. */
const overloaded: readonly (number | undefined)[] = [429, 502, 504];
/** Errors of an endpoint that does not answer, and of a queue or bus that AWS throttles. */
const overloadErrors: readonly (string | undefined)[] = ["timeout", "throttled"];

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

/** An attempt, and what its effect on the endpoint's health depends on. */
export interface HealthInput {
  attempt: Attempt;
  retryAfterMs?: number | undefined;
  /** Whether the owner or the tracker has replayed the notification, and this is the first attempt since then. */
  isReplay: boolean;
  /** The notifications that wait for the endpoint, if an event needs their number. */
  owed?: number | undefined;
}

/**
 * The subscription after a 2xx response; `undefined` if nothing changes. A success ends a series of failures, and is
 * announced if the failures were.
 */
export function afterSuccess(subscription: Subscription, { attempt, owed }: HealthInput): Subscription | undefined {
  const { failingSince, backoff, warned, inTrouble, ...healthy } = subscription;
  if ((failingSince ?? backoff ?? warned) === undefined && (inTrouble === undefined || !subscription.enabled))
    return undefined;
  if (inTrouble === undefined) return healthy;
  if (!subscription.enabled) return { ...healthy, inTrouble };
  const facts = { at: attempt.at + attempt.ms, attempt, owed, failingSince };
  return withHealthEvent(healthy, { ...facts, type: "subscription.recovered" });
}

/**
 * The subscription after a failed attempt; `undefined` if nothing changes. A 410 disables it at once. Five days of only
 * failures disable it, too, after they were announced. The first attempt after a replay is no part of such a series. An
 * error of the tracker (`internal-error`) is no failure of the endpoint.
 */
export function afterFailure(subscription: Subscription, input: HealthInput): Subscription | undefined {
  const { attempt, retryAfterMs, isReplay, owed } = input;
  const now = attempt.at + attempt.ms;
  if (!subscription.enabled || attempt.error === "internal-error") return undefined;
  const facts = { at: now, attempt, owed };
  if (attempt.statusCode === 410) return disable(subscription, "gone", facts);
  const backoff = nextBackoff(subscription, attempt, retryAfterMs, now);
  const slowed = backoff === undefined ? subscription : { ...subscription, backoff };
  if (isReplay) return backoff === subscription.backoff ? undefined : slowed;

  const { failingSince = now, warned = { stages: 0, firstAt: now } } = subscription;
  const failingMs = now - failingSince;
  if (failingMs >= disableAfterMs && warned.stages > 0 && now - warned.firstAt >= noticeMs)
    return disable(subscription, "failing", facts);
  const stages = failingStagesMs.filter((stageMs) => failingMs >= stageMs).length;
  if (stages > warned.stages) {
    const warnedNow = { ...slowed, failingSince, warned: { ...warned, stages }, inTrouble: true as const };
    const disabledFrom = Math.max(failingSince + disableAfterMs, warned.firstAt + noticeMs);
    return withHealthEvent(warnedNow, { ...facts, type: "subscription.failing", failingSince, disabledFrom });
  }
  if (backoff === subscription.backoff && subscription.failingSince !== undefined) return undefined;
  return { ...slowed, failingSince };
}

/** Attempts that started before the backoff do not extend it. */
function nextBackoff(
  { backoff }: Subscription,
  { at, statusCode, error }: Attempt,
  retryAfterMs: number | undefined,
  now: number,
): Subscription["backoff"] {
  if (!overloaded.includes(statusCode) && !overloadErrors.includes(error)) return backoff;
  if (backoff !== undefined && at < backoff.until) return backoff;
  const waitMs = Math.min(backoff === undefined ? firstBackoffMs : backoff.waitMs * 2, maxBackoffMs);
  return { until: now + Math.max(waitMs, Math.min(retryAfterMs ?? 0, maxRetryAfterMs)), waitMs };
}

function disable(
  subscription: Subscription,
  reason: "gone" | "failing",
  facts: { at: number; attempt: Attempt; owed: number | undefined },
): Subscription {
  const disabled = {
    ...subscription,
    enabled: false,
    disabled: { at: facts.at, reason },
    sequence: subscription.sequence + 1,
    eventCount: eventCountOf(subscription),
    inTrouble: true as const,
    outboxAt: facts.at + settleGraceMs,
  };
  return withHealthEvent(disabled, { ...facts, type: "subscription.disabled", reason });
}

/** Removes failures, backoff and the slow mark. What was announced stays, so that the next success is, too. */
function withResetHealth(subscription: Subscription): Subscription {
  const { failingSince: _since, warned: _warned, backoff: _slowed, slowUntil: _slowUntil, ...rest } = subscription;
  return rest;
}

/** Changes the URL. The health of the old endpoint does not apply to the new one. */
export function withWebhookUrl(subscription: Subscription, webhookUrl: string): Subscription {
  return webhookUrl === subscription.webhookUrl ? subscription : { ...withResetHealth(subscription), webhookUrl };
}

/** The owner enables the subscription, which resets its health, or disables it, which sends no event. */
export function setEnabled(subscription: Subscription, enabled: boolean, now: number): Subscription {
  if (subscription.enabled === enabled) return subscription;
  const { disabled: _disabled, ...rest } = withResetHealth(subscription);
  return enabled
    ? { ...rest, enabled, outboxAt: now + settleGraceMs }
    : { ...rest, enabled, disabled: { at: now, reason: "by-owner" } };
}
