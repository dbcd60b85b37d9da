import { settled } from "../core/notification.ts";
import { notifiedEvent, recordedDelivery } from "../core/notified-event.ts";
import type {
  AuditStore,
  Clock,
  DeliveriesQueue,
  DeliveryLane,
  DeliveryRow,
  IssuerDirectory,
  NotificationStore,
} from "../core/ports.ts";
import { forEachShard } from "./for-each-shard.ts";

export interface SendDueRetriesDeps {
  issuers: Pick<IssuerDirectory, "list">;
  audits: Pick<AuditStore, "get">;
  deliveryLane: DeliveryLane;
  notifications: Pick<NotificationStore, "put">;
  deliveries: DeliveriesQueue;
  clock: Clock;
}

/** How long a sent retry has to leave its record before it is sent again, in milliseconds. */
const retryGraceMs = 15 * 60_000;

/**
 * Sends the webhook retries whose time has come to the deliveries queue.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 * @returns how many were sent, how long the most belated had been due, in milliseconds, and why others could not be:
 *   those stay in their lane and keep nobody else waiting
 */
export function sendDueRetries(deps: SendDueRetriesDeps) {
  return async (stopAt: number): Promise<{ sent: number; lagMs: number; failures: unknown[] }> => {
    let sent = 0;
    let lagMs = 0;
    const send = async ({ laneAt, ...key }: DeliveryRow): Promise<void> => {
      const now = deps.clock();
      const claimed = await deps.deliveryLane.claim(key, laneAt, now + retryGraceMs);
      if (claimed === undefined) return;
      const event = await notifiedEvent(deps.audits)(claimed);
      if (event === undefined) {
        // Its audit was erased: a record that went on waiting for it would come up for ever.
        await deps.notifications.put(settled(claimed, "delivery_failed"), claimed);
        return;
      }
      await deps.deliveries.send([recordedDelivery(claimed, event)]);
      lagMs = Math.max(lagMs, now - laneAt);
      sent++;
    };
    const failures = await forEachShard({
      issuers: deps.issuers,
      due: (of, limit, after: DeliveryRow | undefined) => deps.deliveryLane.due(of, deps.clock(), limit, after),
      work: send,
      isOver: () => deps.clock() >= stopAt,
    });
    return { sent, lagMs, failures };
  };
}
