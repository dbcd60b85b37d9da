import type { Notification } from "../../../functions/core/notifications/notification.ts";
import { notificationId } from "../../../functions/core/notifications/notification-id.ts";
import type {
  NotificationFilter,
  NotificationListing,
  NotificationStates,
} from "../../../functions/core/notifications/ports.ts";
import type { PagePosition } from "../../../functions/core/shared/ports.ts";
import { byName, copyOf, type MemoryState } from "./state.ts";

function positionOf(notification: Notification): PagePosition {
  return { at: notification.createdAt, id: notificationId(notification) };
}

function compare(a: PagePosition, b: PagePosition): number {
  return b.at - a.at || byName(b.id, a.id);
}

/** Lists an issuer's notifications in memory, newest first. */
export function memoryNotificationListing({ notifications }: MemoryState): NotificationListing {
  return {
    async list(organizationId, filter, size, from) {
      const rows = [...notifications.values()]
        .filter((row) => row.organizationId === organizationId && matches(row, filter))
        .sort((a, b) => compare(positionOf(a), positionOf(b)))
        .filter((row) => from === undefined || compare(positionOf(row), from) > 0);
      const items = rows.slice(0, size);
      const last = rows.length > size ? items.at(-1) : undefined;
      return { items: items.map(copyOf), next: last && positionOf(last) };
    },
  };
}

/** The states of a subscription's notifications in memory, all of them. */
export function memoryNotificationStates({ notifications }: MemoryState): NotificationStates {
  return {
    async read({ organizationId, subscriptionId }, filter) {
      const states = [...notifications.values()]
        .filter(
          (row) =>
            row.organizationId === organizationId && matches(row, { ...filter, subscriptionIds: [subscriptionId] }),
        )
        .sort((a, b) => compare(positionOf(a), positionOf(b)))
        .map(({ auditId, sequence, status, createdAt }) => ({
          ...{ organizationId, auditId, sequence, subscriptionId },
          ...{ status, createdAt },
        }));
      return { states, isComplete: true };
    },
  };
}

function matches(row: Notification, { statuses, subscriptionIds, since, before }: NotificationFilter): boolean {
  return (
    statuses?.includes(row.status) !== false &&
    subscriptionIds?.includes(row.subscriptionId) !== false &&
    (since === undefined || row.createdAt >= since) &&
    (before === undefined || row.createdAt < before)
  );
}
