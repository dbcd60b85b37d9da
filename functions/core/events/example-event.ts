import { meaningOf } from "../kard/resolution-meanings.ts";
import { type AuditEventBody, type AuditEventType, auditEventType, type EventName, timestamp } from "./events.ts";

/** The id of an example's user, transaction and relationships. */
export const exampleId = "example";

interface Issue {
  /** The event's id. */
  id: string;
  organizationId: string;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * An event with invented contents, for developers of receivers. Each is about an audit, subscription or notification of
 * its own, so that a receiver takes none for out of date. Their ids begin with `example-`; no real id does.
 *
 * @returns the event's body
 */
export function exampleEvent(type: EventName, issue: Issue) {
  const { data: auditType } = auditEventType.safeParse(type);
  const data = auditType === undefined ? otherData[type as OtherType](issue) : auditData(auditType, issue);
  return { id: issue.id, type, timestamp: timestamp(issue.now), data };
}

const subjectOf = (eventId: string): string => `example-${eventId}`;

/** An audit's status at each event, and the number of the event. */
const auditStates = {
  "audit.in_progress": { status: "IN_PROGRESS", sequence: 1 },
  "audit.closed": { status: "CLOSED", sequence: 2 },
  "audit.rejected": { status: "REJECTED", sequence: 1 },
  "audit.due_soon": { status: "IN_PROGRESS", sequence: 2 },
  "audit.overdue": { status: "IN_PROGRESS", sequence: 3 },
  "audit.fulfilled": { status: "CLOSED", sequence: 3, fulfilment: "fulfilled" },
  "audit.unfulfilled": { status: "CLOSED", sequence: 3, fulfilment: "unfulfilled" },
} as const satisfies Record<AuditEventType, unknown>;

const resolved = { resolutionCode: 5004, resolutionDescription: "Reward dispute resolved" };
const promised = { resolutionCode: 5002, resolutionDescription: "Settlement amount will be adjusted" };

function auditData(type: AuditEventType, { id, organizationId, now }: Issue): AuditEventBody["data"] {
  const { status, sequence, ...followUp } = auditStates[type];
  const resolution = "fulfilment" in followUp ? promised : resolved;
  const { outcome, nextActor } = meaningOf(resolution.resolutionCode);
  return {
    type: "audit",
    id: subjectOf(id),
    attributes: {
      ...{ organizationId, status, kardAuditId: exampleId, transactionId: exampleId },
      ...{ auditCode: 3006, merchantName: "Example Shop", auditDescription: "cashback never posted" },
      ...(status === "CLOSED" && {
        ...resolution,
        outcome,
        nextActor,
        resolutionTimeStamp: timestamp(now),
        ...followUp,
      }),
    },
    relationships: { user: { data: { type: "user", id: exampleId } } },
    sequence,
  };
}

type OtherType = Exclude<EventName, AuditEventType>;

const webhookUrl = "https://issuer.example/webhooks";

/** A failed attempt, and how long before the event its series of failures began. */
const failedAttempt = (now: number) => ({ timestamp: timestamp(now), milliseconds: 220, statusCode: 503 });
const failingForMs = 12 * 60 * 60_000;

const otherData: Record<OtherType, (issue: Issue) => object> = {
  "subscription.failing": ({ id, organizationId, now }) => ({
    type: "subscription",
    id: subjectOf(id),
    attributes: {
      ...{ organizationId, webhookUrl, failingSince: timestamp(now - failingForMs) },
      ...{ disabledFrom: timestamp(now + 9 * failingForMs), lastAttempt: failedAttempt(now), owedNotifications: 14 },
    },
    eventNumber: 1,
  }),
  "subscription.recovered": ({ id, organizationId, now }) => ({
    type: "subscription",
    id: subjectOf(id),
    attributes: {
      ...{ organizationId, webhookUrl, failingSince: timestamp(now - failingForMs) },
      ...{ lastAttempt: { ...failedAttempt(now), statusCode: 204 }, owedNotifications: 13 },
    },
    eventNumber: 3,
  }),
  "subscription.disabled": ({ id, organizationId, now }) => ({
    type: "subscription",
    id: subjectOf(id),
    attributes: { organizationId, webhookUrl, disabledAt: timestamp(now), disabledReason: "failing" },
    eventNumber: 2,
    sequence: 1,
  }),
  "notification.failed": ({ id, organizationId, now }) => ({
    type: "notification",
    id: subjectOf(id),
    attributes: {
      ...{ organizationId, eventId: exampleId, eventName: "audit.closed", eventTimestamp: timestamp(now) },
      ...{ attempts: 10, lastAttempt: failedAttempt(now) },
    },
    relationships: {
      audit: { data: { type: "audit", id: exampleId } },
      subscription: { data: { type: "subscription", id: exampleId } },
    },
    sequence: 10,
  }),
};
