import { asciiJson } from "../events/ascii-json.ts";
import { eventId, timestamp } from "../events/events.ts";
import type { HealthEventBody } from "../events/webhook-events.ts";
import { type Attempt, attemptFacts } from "./attempt.ts";
import { readTarget } from "./aws-target.ts";
import type { Subscription } from "./subscription.ts";

/**
 * How long the work after a change of a subscription may take before the sweep does it, in milliseconds. By then every
 * worker with the old subscription has ended: functions run for a minute and cache it for two seconds.
 */
export const settleGraceMs = 90_000;

/** What an event about an endpoint's health says. Times are epoch milliseconds. */
export type HealthFacts = {
  at: number;
  attempt: Attempt;
  /** The notifications that wait for the endpoint; `undefined` if they were not counted. */
  owed: number | undefined;
} & (
  | { type: "subscription.failing"; failingSince: number; disabledFrom: number }
  | { type: "subscription.recovered"; failingSince: number | undefined }
  | { type: "subscription.disabled"; reason: "gone" | "failing" }
);

/** How many events wait to be announced at most. With 1 to 6 KB each, they stay far below the 400 KB of a row. */
const maxWaitingEvents = 20;

/**
 * Adds an event to a subscription. It stays in the outbox until the event is announced. While a target stays down, only
 * the newest events wait: older ones are dropped, which is seen by the gap in `eventNumber`.
 */
export function withHealthEvent(subscription: Subscription, facts: HealthFacts): Subscription {
  const { subscriptionId, events = [], outboxAt = facts.at + settleGraceMs } = subscription;
  const eventNumber = eventCountOf(subscription) + 1;
  const id = eventId(subscriptionId, eventNumber);
  const body = asciiJson(bodyOf(subscription, { id, eventNumber }, facts));
  const event = { sequence: eventNumber, eventName: facts.type, at: facts.at, id, body };
  return { ...subscription, eventCount: eventNumber, events: [...events, event].slice(-maxWaitingEvents), outboxAt };
}

/** The number of events about a subscription so far. Rows of earlier versions counted only `subscription.disabled`. */
export function eventCountOf({ sequence, eventCount = sequence }: Subscription): number {
  return eventCount;
}

function targetOf(webhookUrl: string) {
  const target = readTarget(webhookUrl);
  return target && { target: { type: target.type, arn: target.arn } };
}

function bodyOf(
  subscription: Subscription,
  { id, eventNumber }: { id: string; eventNumber: number },
  facts: HealthFacts,
): HealthEventBody {
  const { subscriptionId, organizationId, webhookUrl, description, sequence } = subscription;
  const endpoint = {
    organizationId,
    webhookUrl,
    ...targetOf(webhookUrl),
    ...(description === undefined ? {} : { description }),
  };
  const lastAttempt = attemptFacts(facts.attempt);
  const owed = facts.owed === undefined ? {} : { owedNotifications: facts.owed };
  const event = { id, timestamp: timestamp(facts.at) };
  const data = { type: "subscription" as const, id: subscriptionId, eventNumber };
  switch (facts.type) {
    case "subscription.failing": {
      const { type } = facts;
      const since = { failingSince: timestamp(facts.failingSince), disabledFrom: timestamp(facts.disabledFrom) };
      return { ...event, type, data: { ...data, attributes: { ...endpoint, ...since, lastAttempt, ...owed } } };
    }
    case "subscription.recovered": {
      const { type, failingSince } = facts;
      const since = failingSince === undefined ? {} : { failingSince: timestamp(failingSince) };
      return { ...event, type, data: { ...data, attributes: { ...endpoint, ...since, lastAttempt, ...owed } } };
    }
    case "subscription.disabled": {
      const { type, reason } = facts;
      const why = { disabledAt: timestamp(facts.at), disabledReason: reason };
      return { ...event, type, data: { ...data, attributes: { ...endpoint, ...why, lastAttempt, ...owed }, sequence } };
    }
  }
}
