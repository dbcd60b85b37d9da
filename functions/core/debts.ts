import type { Audit, AuditEvent } from "./audit.ts";
import { eventsInOrder } from "./change-audit.ts";
import { firstRecord, type Notification } from "./notification.ts";
import { isOwed, type Subscription } from "./subscription.ts";

/** What one event owes one subscription. */
export interface Debt {
  sequence: number;
  event: AuditEvent;
  subscription: Subscription;
}

/** An audit's events that are still in its outbox, in order: those that somebody may have no record of. */
export function eventsInOutbox(audit: Audit): { sequence: number; event: AuditEvent }[] {
  const { outboxAt, toldUpTo = 0 } = audit;
  return outboxAt === undefined ? [] : eventsInOrder(audit).filter(({ sequence }) => sequence > toldUpTo);
}

/** What the events in an audit's outbox owe its issuer's subscriptions, whether or not there is a record of it. */
export function debtsOf(audit: Audit, subscriptions: readonly Subscription[]): Debt[] {
  return eventsInOutbox(audit).flatMap(({ sequence, event }) =>
    subscriptions
      .filter((subscription) => isOwed(subscription, event, audit))
      .map((subscription) => ({ sequence, event, subscription })),
  );
}

/** A debt as a notification: it is pending, and nothing has come of it yet. */
export function notificationOf(
  { organizationId, auditId }: Audit,
  { sequence, event, subscription }: Debt,
): Notification {
  const { subscriptionId } = subscription;
  return firstRecord({ organizationId, auditId, sequence, subscriptionId, eventName: event.type }, event.at);
}
