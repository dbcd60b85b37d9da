import type { Audit, AuditEvent } from "../../functions/core/audit.ts";
import type { Delivery } from "../../functions/core/delivery.ts";
import type { DeliveriesQueue, ResolutionsQueue } from "../../functions/core/ports.ts";

/** A queue of resolutions that keeps what it was sent, in order. */
export function fakeResolutions(): ResolutionsQueue & { sent: { audit: Audit; event: AuditEvent }[] } {
  const sent: { audit: Audit; event: AuditEvent }[] = [];
  return {
    sent,
    async send(resolved) {
      sent.push(resolved);
    },
  };
}

export type SentDelivery = Delivery & { delaySeconds: number };

/** A queue of deliveries that keeps what it was sent, in order; it refuses what SQS would. */
export function fakeDeliveries(): DeliveriesQueue & { sent: SentDelivery[] } {
  const sent: SentDelivery[] = [];
  return {
    sent,
    async send(deliveries, delaySeconds = 0) {
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
        throw new Error(`SQS delays a message by whole seconds up to 900, not by ${delaySeconds}`);
      }
      sent.push(...deliveries.map((delivery) => ({ ...delivery, delaySeconds })));
    },
  };
}
