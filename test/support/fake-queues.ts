import type { Audit, AuditEvent } from "../../functions/core/audits/audit.ts";
import type { Delivery } from "../../functions/core/notifications/delivery.ts";
import type { DeliveriesQueue } from "../../functions/core/notifications/ports.ts";
import type { ResolutionsQueue } from "../../functions/core/publishing/ports.ts";

/** A fake resolutions queue that keeps its messages in order, and refuses bodies with a text permanently. */
export function fakeResolutions(): ResolutionsQueue & {
  sent: { audit: Audit; event: AuditEvent }[];
  refuses: string | undefined;
} {
  const queue = {
    sent: [] as { audit: Audit; event: AuditEvent }[],
    refuses: undefined as string | undefined,
    async send(resolved: { audit: Audit; event: AuditEvent }) {
      if (queue.refuses !== undefined && resolved.event.body.includes(queue.refuses)) {
        return { refused: "InvalidMessageContents" };
      }
      queue.sent.push(resolved);
      return {};
    },
  };
  return queue;
}

export type SentDelivery = Delivery & { delaySeconds: number };

/** A fake deliveries queue that keeps its messages in order. It refuses what SQS refuses, and bodies with a text. */
export function fakeDeliveries(): DeliveriesQueue & {
  sent: SentDelivery[];
  refuses: string | undefined;
  calls: number;
} {
  const queue = {
    sent: [] as SentDelivery[],
    refuses: undefined as string | undefined,
    /** The number of SQS calls. */
    calls: 0,
    async send(deliveries: readonly Delivery[], delaySeconds = 0) {
      queue.calls += Math.ceil(deliveries.length / 10);
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
        throw new Error(`SQS delays a message by whole seconds up to 900, not by ${delaySeconds}`);
      }
      const isRefused = ({ body }: Delivery) => queue.refuses !== undefined && body.includes(queue.refuses);
      const taken = deliveries.filter((delivery) => !isRefused(delivery));
      queue.sent.push(...taken.map((delivery) => ({ ...delivery, delaySeconds })));
      return deliveries.flatMap((delivery, position) =>
        isRefused(delivery) ? [{ position, code: "InvalidMessageContents" }] : [],
      );
    },
  };
  return queue;
}
