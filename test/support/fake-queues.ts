import type { Delivery } from "../../functions/core/notifications/delivery.ts";
import type { DeliveriesQueue } from "../../functions/core/notifications/ports.ts";
import type { EventTarget, OwnerEvent, OwnerTarget } from "../../functions/core/publishing/ports.ts";

export interface FakeTarget extends EventTarget {
  sent: OwnerEvent[];
  /** It refuses bodies with this text permanently. */
  refuses: string | undefined;
  /** Whether nothing can be sent to it. */
  isDown: boolean;
}

/** A fake target of the owner that keeps what it gets in order. */
export const fakeOwnerTarget = (name: OwnerTarget["name"], eventNames: OwnerTarget["eventNames"]) =>
  Object.assign(fakeTarget(eventNames), { name });

/** A fake target that keeps what it gets in order. */
export function fakeTarget(eventNames: EventTarget["eventNames"]): FakeTarget {
  const target: FakeTarget = {
    eventNames,
    sent: [],
    refuses: undefined,
    isDown: false,
    async send(owned: OwnerEvent) {
      if (target.isDown) throw new Error("the target is gone");
      if (target.refuses !== undefined && owned.event.body.includes(target.refuses)) {
        return { refused: "InvalidMessageContents" };
      }
      target.sent.push(owned);
      return {};
    },
  };
  return target;
}

/** A fake resolutions queue. */
export const fakeResolutions = () => fakeOwnerTarget("queue", ["audit.closed"]);

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
