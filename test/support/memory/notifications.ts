import type {
  Notification,
  NotificationKey,
  NotificationSeen,
} from "../../../functions/core/notifications/notification.ts";
import type {
  DeliveryLane,
  DeliveryRow,
  HeldNotifications,
  NotificationStore,
} from "../../../functions/core/notifications/ports.ts";
import type { EventFeed } from "../../../functions/core/publishing/ports.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { SubscriptionKey } from "../../../functions/core/subscriptions/subscription.ts";
import { pageOf } from "./audit-lanes.ts";
import { byName, copyOf, type MemoryState, nameOf } from "./state.ts";

function nameOfNotification({ organizationId, auditId, sequence, subscriptionId }: NotificationKey): string {
  return nameOf(organizationId, auditId, sequence, subscriptionId);
}

/** Notifications in memory. */
export function memoryNotifications(
  { notifications }: MemoryState,
  feed: Pick<EventFeed, "append">,
): NotificationStore {
  const write = (row: Notification) => notifications.set(nameOfNotification(row), copyOf(row));
  return {
    async get(key) {
      const stored = notifications.get(nameOfNotification(key));
      return stored === undefined ? undefined : copyOf(stored);
    },
    async getAll(keys) {
      return keys.flatMap((key) => notifications.get(nameOfNotification(key)) ?? []).map(copyOf);
    },
    async listOfAudit({ organizationId, auditId }) {
      return [...notifications.values()]
        .filter((row) => row.organizationId === organizationId && row.auditId === auditId)
        .sort((a, b) => byName(`${a.sequence}#${a.subscriptionId}`, `${b.sequence}#${b.subscriptionId}`))
        .map(copyOf);
    },
    async putNew(rows, added) {
      for (const row of rows) write(row);
      for (const entry of added?.entries ?? []) await feed.append(added?.organizationId ?? "", entry);
    },
    async putDelivered(rows) {
      for (const row of rows) write(row);
      return [];
    },
    async put(notification, seen) {
      const stored = notifications.get(nameOfNotification(notification));
      if (!stands(stored, seen)) return "stale";
      write(notification);
      return "done";
    },
  };
}

function compareRows(a: DeliveryRow, b: DeliveryRow): number {
  return a.laneAt - b.laneAt || byName(nameOfNotification(a), nameOfNotification(b));
}

function stands(stored: Notification | undefined, seen: NotificationSeen | undefined): boolean {
  if (seen === undefined) return stored === undefined;
  const { status, attemptCount, replayedAfter, nextAttemptAt } = seen;
  return (
    stored?.status === status &&
    stored.attemptCount === attemptCount &&
    stored.replayedAfter === replayedAfter &&
    stored.nextAttemptAt === nextAttemptAt
  );
}

/** The notifications in memory that wait for their next attempt. */
export function memoryDeliveryLane({ notifications }: MemoryState): DeliveryLane {
  return {
    async due(of, now, limit, after) {
      const rows = [...notifications.values()]
        .flatMap(({ organizationId, auditId, sequence, subscriptionId, laneAt, status }) =>
          status !== "held" && laneAt !== undefined && laneAt <= now
            ? [{ organizationId, auditId, sequence, subscriptionId, laneAt }]
            : [],
        )
        .filter((row) => row.organizationId === of.organizationId && shardOf(row.auditId) === of.shard)
        .sort(compareRows);
      return pageOf(
        rows,
        limit,
        (row, from: DeliveryRow) => compareRows(row, from) > 0,
        (row) => row,
        after,
      );
    },
    async postpone(row, { laneAt, dueSince: at, event }) {
      const stored = notifications.get(nameOfNotification(row));
      if (stored === undefined || stored.laneAt !== row.laneAt) return "stale";
      notifications.set(nameOfNotification(row), copyOf({ ...stored, laneAt, event, sweptFirst: { at, laneAt } }));
      return "done";
    },
  };
}

/** The notifications in memory that wait for their subscription. */
export function memoryHeldNotifications({ notifications }: MemoryState): HeldNotifications {
  const rowsOf = ({ organizationId, subscriptionId }: SubscriptionKey) =>
    [...notifications.values()]
      .filter((row) => row.organizationId === organizationId && row.subscriptionId === subscriptionId)
      .flatMap(({ status, auditId, sequence, laneAt }) =>
        status === "held" && laneAt !== undefined
          ? [{ organizationId, auditId, sequence, subscriptionId, laneAt }]
          : [],
      )
      .sort(compareRows);
  return {
    async list(of, limit, after) {
      return pageOf(
        rowsOf(of),
        limit,
        (row, from: DeliveryRow) => compareRows(row, from) > 0,
        (row) => row,
        after,
      );
    },
    async count(of, max) {
      return Math.min(rowsOf(of).length, max);
    },
  };
}
