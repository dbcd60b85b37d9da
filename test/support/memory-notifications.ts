import { shardOf } from "../../functions/core/lanes.ts";
import type { Notification, NotificationKey } from "../../functions/core/notification.ts";
import type { DeliveryLane, DeliveryRow, HeldNotifications, NotificationStore } from "../../functions/core/ports.ts";
import { pageOf } from "./memory-audit-lanes.ts";
import { byName, copyOf, type MemoryState, nameOf } from "./memory-state.ts";

function nameOfNotification({ organizationId, auditId, sequence, subscriptionId }: NotificationKey): string {
  return nameOf(organizationId, auditId, sequence, subscriptionId);
}

/** What became of each event for each subscription, in memory. */
export function memoryNotifications({ notifications }: MemoryState): NotificationStore {
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

function stands(stored: Notification | undefined, seen: Parameters<NotificationStore["put"]>[1]): boolean {
  if (seen === undefined) return stored === undefined;
  if (seen !== "as-published") {
    const { status, attemptCount, replayedAfter } = seen;
    return stored?.status === status && stored.attemptCount === attemptCount && stored.replayedAfter === replayedAfter;
  }
  if (stored === undefined) return true;
  const { status, attemptCount, nextAttemptAt, replayedAfter } = stored;
  return status === "pending" && attemptCount === 0 && nextAttemptAt === undefined && replayedAfter === undefined;
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
    async claim(key, seen, laneAt) {
      const stored = notifications.get(nameOfNotification(key));
      if (stored === undefined || stored.laneAt !== seen) return undefined;
      stored.laneAt = laneAt;
      return copyOf(stored);
    },
  };
}

/** The notifications in memory that wait for their subscription. */
export function memoryHeldNotifications({ notifications }: MemoryState): HeldNotifications {
  return {
    async list({ organizationId, subscriptionId }, limit) {
      return [...notifications.values()]
        .filter((row) => row.organizationId === organizationId && row.subscriptionId === subscriptionId)
        .filter(({ status }) => status === "held")
        .sort((a, b) => (a.laneAt ?? 0) - (b.laneAt ?? 0))
        .slice(0, limit)
        .map(({ auditId, sequence }) => ({ organizationId, auditId, sequence, subscriptionId }));
    },
  };
}
