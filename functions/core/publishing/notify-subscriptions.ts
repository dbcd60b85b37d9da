import type { Audit, AuditEvent } from "../audits/audit.ts";
import { eventKey, type NumberedEvent } from "../audits/change-audit.ts";
import { held, type Notification, newNotification } from "../notifications/notification.ts";
import type { NotificationStore } from "../notifications/ports.ts";
import { type SendDeliveriesDeps, sendDeliveries } from "../notifications/send-deliveries.ts";
import type { Clock } from "../shared/ports.ts";
import { isSubscribedTo, type Subscription } from "../subscriptions/subscription.ts";

export interface NotifyDeps extends SendDeliveriesDeps {
  /** An issuer's subscriptions, read at `readSince` or later. */
  subscriptions: { list(organizationId: string, readSince?: number): Promise<Subscription[]> };
  notifications: Pick<NotificationStore, "listOfAudit" | "putNew" | "put">;
  clock: Clock;
}

/** How long the sweep waits for the outcome of a first message before it sends another, in milliseconds. */
export const deliveryGraceMs = 15 * 60_000;

/**
 * Writes a notification for every subscription of the events, then sends their messages. New rows are in lane DELIVER,
 * so the sweep sends those whose message is lost. Notifications of disabled subscriptions are held.
 *
 * @param isFirst whether no other run can have written these notifications
 * @returns the time of completion, by event
 */
export function notifySubscriptions(deps: NotifyDeps) {
  return async (
    audit: Audit,
    events: readonly NumberedEvent[],
    isFirst: boolean,
  ): Promise<Map<number, Partial<AuditEvent>>> => {
    const due = events.filter(({ event }) => event.notifiedAt === undefined);
    const newest = Math.max(...due.map(({ event }) => event.at));
    const subscriptions = due.length === 0 ? [] : await deps.subscriptions.list(audit.organizationId, newest);
    const notifications = due.flatMap(({ sequence, event }) =>
      subscriptions
        .filter((subscription) => isSubscribedTo(subscription, event, audit))
        .map((subscription) => firstNotification(audit, { sequence, event }, subscription, deps.clock())),
    );
    if (notifications.length > 0)
      await (isFirst ? writeAndSend(deps, audit, notifications) : completeAndSend(deps, audit, notifications));
    const now = deps.clock();
    return new Map(due.map(({ sequence }) => [sequence, { notifiedAt: now }]));
  };
}

async function writeAndSend(deps: NotifyDeps, audit: Audit, notifications: readonly Notification[]): Promise<void> {
  await deps.notifications.putNew(notifications);
  await send(deps, audit, notifications.filter(isUntouched), true);
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
  await send(deps, audit, unsent, false);
}

async function send(deps: NotifyDeps, audit: Audit, rows: readonly Notification[], isFirst: boolean): Promise<void> {
  const withEvents = rows.flatMap((notification) => {
    const event = audit.events[eventKey(notification.sequence)];
    return event === undefined ? [] : [{ notification, event, isFirst }];
  });
  await sendDeliveries(deps)(withEvents);
}

function firstNotification(
  { organizationId, auditId }: Audit,
  { sequence, event }: NumberedEvent,
  { subscriptionId, enabled }: Subscription,
  now: number,
): Notification {
  const key = { organizationId, auditId, sequence, subscriptionId, eventName: event.type };
  const notification = newNotification(key, event.at);
  return enabled
    ? { ...notification, laneAt: now + deliveryGraceMs }
    : held(notification, { id: event.id, body: event.body }, now);
}

/** Whether a notification has no outcome yet, so its first message may not have been sent. */
function isUntouched({ status, attemptCount, nextAttemptAt, replayedAfter }: Notification): boolean {
  return status === "pending" && attemptCount === 0 && nextAttemptAt === undefined && replayedAfter === undefined;
}

function nameOf({ sequence, subscriptionId }: Notification): string {
  return `${sequence}#${subscriptionId}`;
}
