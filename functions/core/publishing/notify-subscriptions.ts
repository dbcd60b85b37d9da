import type { Audit, AuditEvent } from "../audits/audit.ts";
import { eventKey, type NumberedEvent } from "../audits/change-audit.ts";
import { held, type Notification, newNotification } from "../notifications/notification.ts";
import type { NotificationStore } from "../notifications/ports.ts";
import { type SendDeliveriesDeps, sendDeliveries } from "../notifications/send-deliveries.ts";
import type { Clock } from "../shared/ports.ts";
import { isSubscribedTo, type Subscriber } from "../subscriptions/subscription.ts";

export interface NotifyDeps extends SendDeliveriesDeps {
  /** An issuer's subscriptions, read at `readSince` or later. */
  subscriptions: { list(organizationId: string, readSince?: number): Promise<Subscriber[]> };
  notifications: Pick<NotificationStore, "listOfAudit" | "putNew" | "put">;
  clock: Clock;
}

/** How long the sweep waits for the outcome of a first message before it sends another, in milliseconds. */
export const deliveryGraceMs = 15 * 60_000;

/**
 * Writes a notification for every subscription of the events, then sends their messages. New rows are in lane DELIVER,
 * so the sweep sends those whose message is lost. Notifications of disabled subscriptions are held.
 *
 * @returns the time of completion, by event
 */
export async function notifySubscriptions(
  deps: NotifyDeps,
  audit: Audit,
  events: readonly NumberedEvent[],
): Promise<Map<number, Partial<AuditEvent>>> {
  const due = events.filter(({ event }) => event.notifiedAt === undefined);
  const notifications = await firstNotifications(deps, audit, due);
  if (notifications.length > 0) await completeAndSend(deps, audit, notifications);
  const now = deps.clock();
  return new Map(due.map(({ sequence }) => [sequence, { notifiedAt: now }]));
}

/** The notifications of the events for their subscriptions, before any attempt. */
export async function firstNotifications(
  deps: NotifyDeps,
  audit: Audit,
  events: readonly NumberedEvent[],
): Promise<Notification[]> {
  const newest = Math.max(...events.map(({ event }) => event.at));
  const subscriptions = events.length === 0 ? [] : await deps.subscriptions.list(audit.organizationId, newest);
  return events.flatMap(({ sequence, event }) =>
    subscriptions
      .filter((subscription) => isSubscribedTo(subscription, event, audit))
      .map((subscription) => firstNotification(audit, { sequence, event }, subscription, deps.clock())),
  );
}

/** Writes the missing rows, and keeps rows that have changed since an earlier run wrote them. */
async function completeAndSend(deps: NotifyDeps, audit: Audit, notifications: readonly Notification[]): Promise<void> {
  const stored = new Map((await deps.notifications.listOfAudit(audit)).map((row) => [nameOf(row), row]));
  const unsent: Notification[] = [];
  for (const row of notifications) {
    const known = stored.get(nameOf(row));
    // Another run has written it and sends it.
    if (known === undefined && (await deps.notifications.put(row, undefined)) === "stale") continue;
    if (isUntouched(known ?? row)) unsent.push(known ?? row);
  }
  await sendMessages(deps, audit, unsent, false);
}

/** @param isFirst whether the rows are as they were first written, so that a delivery need not read them */
export async function sendMessages(
  deps: NotifyDeps,
  audit: Audit,
  rows: readonly Notification[],
  isFirst: boolean,
): Promise<void> {
  const withEvents = rows.flatMap((notification) => {
    const event = audit.events[eventKey(notification.sequence)];
    return event === undefined ? [] : [{ notification, event, isFirst }];
  });
  await sendDeliveries(deps)(withEvents);
}

function firstNotification(
  { organizationId, auditId }: Audit,
  { sequence, event }: NumberedEvent,
  { subscriptionId, enabled }: Subscriber,
  now: number,
): Notification {
  const key = { organizationId, auditId, sequence, subscriptionId, eventName: event.type };
  const notification = newNotification(key, event.at);
  return enabled
    ? { ...notification, laneAt: now + deliveryGraceMs }
    : held(notification, { id: event.id, body: event.body }, now);
}

/** Whether a notification has no outcome yet, so its first message may not have been sent. */
export function isUntouched({ status, attemptCount, nextAttemptAt, replayedAfter }: Notification): boolean {
  return status === "pending" && attemptCount === 0 && nextAttemptAt === undefined && replayedAfter === undefined;
}

function nameOf({ sequence, subscriptionId }: Notification): string {
  return `${sequence}#${subscriptionId}`;
}
