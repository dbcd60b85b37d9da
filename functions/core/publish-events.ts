import type { Audit } from "./audit.ts";
import { eventKey } from "./change-audit.ts";
import { type Debt, debtsOf, eventsInOutbox, notificationOf } from "./debts.ts";
import type { Delivery } from "./delivery.ts";
import { held, type Notification, settled } from "./notification.ts";
import type {
  AuditStore,
  Clock,
  DeliveriesQueue,
  NotificationStore,
  ResolutionsQueue,
  SubscriptionStore,
} from "./ports.ts";

export interface PublishDeps {
  audits: Pick<AuditStore, "update">;
  subscriptions: Pick<SubscriptionStore, "list">;
  notifications: Pick<NotificationStore, "listOfAudit" | "put">;
  resolutions: ResolutionsQueue;
  deliveries: DeliveriesQueue;
  clock: Clock;
}

/** How long a sent delivery has to leave a record before it is sent again, in milliseconds. */
export const deliveryGraceMs = 15 * 60_000;

/**
 * Tells everyone about an audit's events: resolutions to the owner's queue, one delivery per owed subscription to the
 * deliveries queue. It may run twice and may stop anywhere: the audit leaves the outbox only when everyone it is owed
 * to has a record in the table.
 *
 * @param audit as it was just read or written
 * @param again whether somebody may have been told already, so that the table has to be asked who lacks a record
 * @returns `settled` when nothing is owed any more, `waiting` while deliveries are on their way, `stale` when the audit
 *   has moved on meanwhile (whoever moved it, or the sweep, publishes it)
 */
export function publishEvents(deps: PublishDeps) {
  return async (audit: Audit, again = false): Promise<"settled" | "waiting" | "stale"> => {
    if (audit.outboxAt === undefined) return "settled";
    const events = eventsInOutbox(audit);
    const fresh = events.filter(({ event }) => event.publishedAt === undefined);
    for (const { event } of fresh) if (event.type === "audit.closed") await deps.resolutions.send({ audit, event });

    const debts = debtsOf(audit, await deps.subscriptions.list(audit.organizationId));
    const first = !again && fresh.length === events.length;
    const unrecorded = first ? debts : await withoutRecord(deps, audit, debts);
    const kept = unrecorded.filter(({ subscription }) => !subscription.enabled);
    const sent = unrecorded.filter(({ subscription }) => subscription.enabled);
    await hold(deps, audit, kept);
    if (sent.length > 0) await deps.deliveries.send(sent.map((debt) => firstDelivery(audit, debt, first)));

    const now = deps.clock();
    const published: Audit = { ...audit, events: { ...audit.events }, outboxAt: now + deliveryGraceMs };
    for (const { sequence, event } of fresh) published.events[eventKey(sequence)] = { ...event, publishedAt: now };
    if (sent.length === 0) {
      delete published.outboxAt;
      published.toldUpTo = audit.sequence;
    }
    const written = await deps.audits.update(audit, published, ["sequence", "outboxAt"]);
    if (written === "stale") return "stale";
    return sent.length === 0 ? "settled" : "waiting";
  };
}

async function withoutRecord(deps: PublishDeps, audit: Audit, debts: Debt[]): Promise<Debt[]> {
  if (debts.length === 0) return debts;
  const nameOf = (sequence: number, subscriptionId: string) => `${sequence}#${subscriptionId}`;
  const recorded = new Set(
    (await deps.notifications.listOfAudit(audit)).map((row) => nameOf(row.sequence, row.subscriptionId)),
  );
  return debts.filter(({ sequence, subscription }) => !recorded.has(nameOf(sequence, subscription.subscriptionId)));
}

function firstDelivery(
  { organizationId, auditId }: Audit,
  { sequence, event, subscription }: Debt,
  isFirst: boolean,
): Delivery {
  const { subscriptionId } = subscription;
  const key = { organizationId, auditId, sequence, subscriptionId };
  const { id: eventId, type: eventName, at: eventAt, body } = event;
  return { ...key, attemptCount: 0, ...(isFirst ? {} : { sentBefore: true }), eventId, eventName, eventAt, body };
}

/** Keeps what disabled subscriptions are owed; of one that was deleted meanwhile nothing would ever end the wait. */
async function hold(deps: PublishDeps, audit: Audit, debts: Debt[]): Promise<void> {
  if (debts.length === 0) return;
  const rows = debts.map((debt) => heldNotification(audit, debt, deps.clock()));
  for (const row of rows) await deps.notifications.put(row, undefined);
  const ids = new Set((await deps.subscriptions.list(audit.organizationId)).map((each) => each.subscriptionId));
  for (const row of rows.filter(({ subscriptionId }) => !ids.has(subscriptionId))) {
    await deps.notifications.put(settled(row, "delivery_failed"), row);
  }
}

function heldNotification(audit: Audit, debt: Debt, now: number): Notification {
  const { id, body } = debt.event;
  return held(notificationOf(audit, debt), { id, body }, now);
}
