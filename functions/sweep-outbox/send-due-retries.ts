import pMap from "p-map";
import { eventKey } from "../core/change-audit.ts";
import { shards } from "../core/lanes.ts";
import type { NotificationKey } from "../core/notification.ts";
import type { AuditStore, Clock, DeliveriesQueue, DeliveryLane } from "../core/ports.ts";

export interface SendDueRetriesDeps {
  audits: Pick<AuditStore, "get">;
  deliveryLane: DeliveryLane;
  deliveries: DeliveriesQueue;
  clock: Clock;
}

const rowsPerShard = 500;
const atOnce = 10;

/** How long a sent retry has to leave its record before it is sent again, in milliseconds. */
const retryGraceMs = 15 * 60_000;

/**
 * Sends the webhook retries whose time has come to the deliveries queue.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 * @returns how many were sent, and how long the most belated had been due, in milliseconds
 */
export function sendDueRetries(deps: SendDueRetriesDeps) {
  return async (stopAt: number): Promise<{ sent: number; lagMs: number }> => {
    let sent = 0;
    let lagMs = 0;
    const send = async ({ laneAt, ...key }: NotificationKey & { laneAt: number }): Promise<void> => {
      const now = deps.clock();
      if (now >= stopAt) return;
      const claimed = await deps.deliveryLane.claim(key, laneAt, now + retryGraceMs);
      if (claimed === undefined) return;
      const audit = await deps.audits.get(key);
      const event = audit?.events[eventKey(key.sequence)];
      if (event === undefined) return;
      const { attemptCount } = claimed;
      await deps.deliveries.send([{ ...key, attemptCount, eventId: event.id, body: event.body }]);
      lagMs = Math.max(lagMs, now - laneAt);
      sent++;
    };
    for (const shard of shards) {
      await pMap(await deps.deliveryLane.due(shard, deps.clock(), rowsPerShard), send, { concurrency: atOnce });
    }
    return { sent, lagMs };
  };
}
