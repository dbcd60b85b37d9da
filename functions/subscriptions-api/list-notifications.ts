import type { AuditKey } from "../core/audit.ts";
import { debtsOf, notificationOf } from "../core/debts.ts";
import type { Notification, NotificationKey } from "../core/notification.ts";
import { notificationId, notificationKeyOf } from "../core/notification-id.ts";
import type {
  AuditStore,
  NotificationFilter,
  NotificationListing,
  NotificationStore,
  OutboxIndex,
  Page,
  PagePosition,
  SubscriptionStore,
} from "../core/ports.ts";

export interface ListNotificationsDeps {
  audits: Pick<AuditStore, "getAll">;
  notifications: Pick<NotificationStore, "getAll">;
  notificationListing: NotificationListing;
  outbox: Pick<OutboxIndex, "ofIssuer">;
  subscriptions: Pick<SubscriptionStore, "list">;
}

/** What one request looks at before it answers with what it has found. */
const auditsPerRequest = 500;
const debtsPerRequest = 1_000;

/** The time of a position among what is on its way, where audits are in the order of their ids; no event is that old. */
const onItsWayAt = 0;

/**
 * An issuer's notifications: those of events on their way that have no record yet first, and then those on record, the
 * newest first. One that gets its record meanwhile may be on two pages. The index of the
 * records lags a moment: what has just got one may be on none yet.
 */
export function listNotifications(deps: ListNotificationsDeps) {
  return async (
    organizationId: string,
    filter: NotificationFilter,
    size: number,
    from?: PagePosition,
  ): Promise<Page<Notification>> => {
    const isAmongRecorded = from !== undefined && from.at !== onItsWayAt;
    if (isAmongRecorded || filter.statuses?.includes("pending") === false) {
      return deps.notificationListing.list(organizationId, filter, size, from);
    }
    const after = from && notificationKeyOf(organizationId, from.id);
    const onTheirWay = await withoutRecord(deps, organizationId, filter, size, after);
    if (onTheirWay.next !== undefined) return onTheirWay;
    const { items, next } = await deps.notificationListing.list(organizationId, filter, size - onTheirWay.items.length);
    return { items: [...onTheirWay.items, ...items], next };
  };
}

async function withoutRecord(
  deps: ListNotificationsDeps,
  organizationId: string,
  filter: NotificationFilter,
  size: number,
  after: NotificationKey | undefined,
): Promise<Page<Notification>> {
  const inOutbox = (await deps.outbox.ofIssuer(organizationId)).filter(
    ({ auditId }) => after === undefined || auditId >= after.auditId,
  );
  if (inOutbox.length === 0) return { items: [], next: undefined };
  const lookedAt = inOutbox.slice(0, auditsPerRequest);
  const [audits, subscriptions] = await Promise.all([
    deps.audits.getAll(lookedAt),
    deps.subscriptions.list(organizationId),
  ]);
  const owed = audits
    .flatMap((audit) => debtsOf(audit, subscriptions).map((debt) => notificationOf(audit, debt)))
    .filter((each) => matches(each, filter) && (after === undefined || compare(each, after) > 0))
    .sort(compare);

  const checked = owed.slice(0, debtsPerRequest);
  const recorded = new Set((await deps.notifications.getAll(checked)).map(notificationId));
  const found = checked.filter((each) => !recorded.has(notificationId(each)));
  const items = found.slice(0, size);
  return { items, next: positionBehind() };

  function positionBehind(): PagePosition | undefined {
    if (items.length === size) return positionOf(items.at(-1));
    if (owed.length > checked.length) return positionOf(checked.at(-1));
    return inOutbox.length > lookedAt.length ? positionOf(endOf(lookedAt.at(-1))) : undefined;
  }
}

function positionOf(last: NotificationKey | undefined): PagePosition | undefined {
  return last && { at: onItsWayAt, id: notificationId(last) };
}

/** Behind all that an audit may owe. */
function endOf(audit: AuditKey | undefined): NotificationKey | undefined {
  return audit && { ...audit, sequence: Number.MAX_SAFE_INTEGER, subscriptionId: "last" };
}

function compare(a: NotificationKey, b: NotificationKey): number {
  return byName(a.auditId, b.auditId) || a.sequence - b.sequence || byName(a.subscriptionId, b.subscriptionId);
}

function byName(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function matches({ subscriptionId, createdAt }: Notification, filter: NotificationFilter): boolean {
  const { subscriptionId: wanted, since = createdAt, before = Number.POSITIVE_INFINITY } = filter;
  return (wanted === undefined || wanted === subscriptionId) && since <= createdAt && createdAt < before;
}
