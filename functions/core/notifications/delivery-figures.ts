import type { Clock } from "../shared/ports.ts";
import type { Attempt } from "../subscriptions/attempt.ts";
import type { SubscriptionKey } from "../subscriptions/subscription.ts";
import type { Notification } from "./notification.ts";
import type { NotificationStates, NotificationStore } from "./ports.ts";

export interface DeliveryFiguresDeps {
  notifications: Pick<NotificationStore, "getAll">;
  notificationStates: Pick<NotificationStates, "read">;
  clock: Clock;
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const shownDays = 7;
const longestMs = shownDays * dayMs;

/** The number of newest notifications whose attempts are read. Their rows are about 1 KB each. */
export const maxSampled = 300;

/** The figures of a period that ends now. Attempts are those of the sampled notifications. */
export interface PeriodFigures {
  /** Notifications of events in the period, by status. */
  notifications: Record<Notification["status"], number>;
  attempts: { succeeded: number; failed: number };
  /** From 0 to 1; `undefined` without attempts. */
  successRate: number | undefined;
  /** Response times in milliseconds; `undefined` without responses. */
  p50: number | undefined;
  p95: number | undefined;
}

export interface DeliveryFigures {
  last24Hours: PeriodFigures;
  last7Days: PeriodFigures;
  /** Notifications of the events of each day (UTC): the last seven days, oldest first. `day` is the day's start. */
  days: { day: number; notifications: PeriodFigures["notifications"] }[];
  /** Whether all notifications of seven days were counted. */
  isComplete: boolean;
  /** How many notifications' attempts were read. */
  sampled: number;
  lastSuccess: Attempt | undefined;
  lastFailure: Attempt | undefined;
  /** Notifications that wait for the endpoint, pending or held. */
  owed: number;
}

/**
 * Computes a subscription's figures when they are read, so that deliveries write nothing for them. Notifications are
 * counted in the index of the issuer's notifications. Attempts are read from the newest notifications.
 */
export function deliveryFigures(deps: DeliveryFiguresDeps) {
  return async (subscription: SubscriptionKey): Promise<DeliveryFigures> => {
    const now = deps.clock();
    const [recent, owed] = await Promise.all([
      deps.notificationStates.read(subscription, { since: now - longestMs }),
      deps.notificationStates.read(subscription, { since: 0, statuses: ["pending", "held"] }),
    ]);
    const newest = recent.states.slice(0, maxSampled);
    const rows = newest.length === 0 ? [] : await deps.notifications.getAll(newest);
    const attempts = rows.flatMap((row) => row.attempts).filter(isOfEndpoint);
    const figuresOf = (periodMs: number): PeriodFigures => ({
      notifications: countStatuses(recent.states.filter(({ createdAt }) => createdAt >= now - periodMs)),
      ...attemptFigures(attempts.filter(({ at }) => at >= now - periodMs)),
    });
    const today = Math.floor(now / dayMs) * dayMs;
    const days = Array.from({ length: shownDays }, (_, index) => today - (shownDays - 1 - index) * dayMs);
    return {
      last24Hours: figuresOf(dayMs),
      last7Days: figuresOf(longestMs),
      days: days.map((day) => ({
        day,
        notifications: countStatuses(
          recent.states.filter(({ createdAt }) => createdAt >= day && createdAt < day + dayMs),
        ),
      })),
      isComplete: recent.isComplete,
      sampled: rows.length,
      lastSuccess: latest(attempts.filter(hasSucceeded)),
      lastFailure: latest(attempts.filter((attempt) => !hasSucceeded(attempt))),
      owed: owed.states.length,
    };
  };
}

/** An interrupted attempt, or an error of the tracker, says nothing about the endpoint. */
function isOfEndpoint({ error }: Attempt): boolean {
  return error !== "interrupted" && error !== "internal-error";
}

function hasSucceeded({ statusCode = 0, error }: Attempt): boolean {
  return error === undefined && statusCode >= 200 && statusCode < 300;
}

function latest(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (last, one) => (last === undefined || one.at > last.at ? one : last),
    undefined,
  );
}

function countStatuses(states: readonly { status: Notification["status"] }[]): PeriodFigures["notifications"] {
  const counts = { delivered: 0, delivery_failed: 0, pending: 0, held: 0 };
  for (const { status } of states) counts[status]++;
  return counts;
}

function attemptFigures(attempts: readonly Attempt[]): Omit<PeriodFigures, "notifications"> {
  const succeeded = attempts.filter(hasSucceeded).length;
  const times = attempts.filter(({ statusCode }) => statusCode !== undefined).map(({ ms }) => ms);
  times.sort((a, b) => a - b);
  const percentile = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)];
  return {
    attempts: { succeeded, failed: attempts.length - succeeded },
    successRate: attempts.length === 0 ? undefined : Math.round((succeeded / attempts.length) * 10_000) / 10_000,
    p50: percentile(0.5),
    p95: percentile(0.95),
  };
}
