import type { Delivery, DeliveryRoute } from "../../../functions/core/notifications/delivery.ts";
import type { DeliveriesQueue, EventSender } from "../../../functions/core/notifications/ports.ts";
import { endpointSlots } from "../../../functions/core/subscriptions/endpoint-slots.ts";
import { cacheSubscriptions } from "../../../functions/core/subscriptions/subscription-cache.ts";
import { type DeliverDeps, deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { recordDelivered } from "../../../functions/deliver-webhooks/record-delivered.ts";
import { sendDueDeliveries } from "../../../functions/sweep-outbox/send-due-deliveries.ts";
import { noon } from "../fake-clock.ts";
import { memoryStores } from "../memory/stores.ts";
import { type VirtualTime, virtualTime } from "../virtual-time.ts";

const perBatch = 10;

/** An endpoint: its response time and its response. */
export interface Endpoint {
  ms: number;
  statusCode?: number;
  error?: string;
}

/** Workers that deliver from queues like Lambda, in batches of ten and in virtual time. */
export function deliveryWorld(endpoints: (webhookUrl: string) => Endpoint, workers: Record<DeliveryRoute, number>) {
  const time = virtualTime(noon);
  const stores = memoryStores();
  const posted: { subscriptionId: string; eventId: string; at: number; answeredAt: number; delivered: boolean }[] = [];
  const queues = { standard: fakeQueue(time), slow: fakeQueue(time) };

  const sender: EventSender = {
    prepare: async () => undefined,
    async send({ subscriptionId, webhookUrl }, { id: eventId }) {
      const at = time.clock();
      const { ms, ...response } = endpoints(webhookUrl);
      await time.sleep(ms);
      const delivered = response.statusCode !== undefined && response.statusCode < 300;
      posted.push({ subscriptionId, eventId, at, answeredAt: time.clock(), delivered });
      return { attempt: { at, ms, ...response }, delivered, retryAfterMs: undefined, response: "" };
    },
  };
  const deps: Omit<DeliverDeps, "subscriptionCache" | "endpointSlots"> = {
    ...{ ...stores, sender, deliveries: queues.standard, slowDeliveries: queues.slow },
    ...{ ownerTargets: [], contactOf: () => undefined },
    ...{ clock: time.clock, sleep: time.sleep, random: () => 0.5, report: () => undefined },
  };

  for (const route of ["standard", "slow"] as const) {
    // Execution environments with separate caches.
    const idle = Array.from({ length: workers[route] }, () =>
      deliverWebhook({
        ...deps,
        subscriptionCache: cacheSubscriptions(stores.subscriptions, time.clock),
        endpointSlots: endpointSlots({ schedule: stores.callSchedule, clock: time.clock, sleep: time.sleep }),
      }),
    );
    queues[route].onVisible = async () => {
      for (let deliver = idle.pop(); deliver !== undefined; ) {
        const batch = queues[route].receive(perBatch);
        if (batch.length === 0) return void idle.push(deliver);
        const results = await Promise.all(batch.map((delivery) => deliver(delivery, { route, redelivered: false })));
        await recordDelivered({ ...deps, ...stores })(results.map((result) => ({ result })));
      }
    };
  }

  return {
    ...{ time, stores, queues, posted },
    /** Sends what is due in lane DELIVER, as the sweep does every minute. */
    sweep: () => sendDueDeliveries({ ...deps, ...stores })(Number.POSITIVE_INFINITY),
    /** Lets time pass until this is done. */
    run: (publish: () => Promise<void>) => time.run(publish()),
  };
}

type FakeQueue = DeliveriesQueue & { receive(most: number): Delivery[]; onVisible: () => Promise<void> };

function fakeQueue({ sleep }: VirtualTime): FakeQueue {
  const visible: Delivery[] = [];
  const queue: FakeQueue = {
    onVisible: async () => undefined,
    async send(deliveries, delaySeconds = 0) {
      const copies = structuredClone(deliveries);
      const show = () => {
        visible.push(...copies);
        // One batch per call, so there are as many workers as batches.
        for (let shown = 0; shown < copies.length; shown += perBatch) void queue.onVisible();
      };
      if (delaySeconds === 0) show();
      else void sleep(delaySeconds * 1_000).then(show);
      return [];
    },
    receive: (most) => visible.splice(0, most),
  };
  return queue;
}
