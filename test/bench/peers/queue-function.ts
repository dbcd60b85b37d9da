import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import { type FirstDelivery, messageOf, storeDeliveries, subscriptionCacheMs } from "../delivering/first-deliveries.ts";
import { openFunction } from "../one-function.ts";
import { type DeliveredRound, deliveringThreads, postsAtOnce } from "./delivered-round.ts";
import { queueCalls } from "./queue-calls.ts";

const maxTries = 4;
const context = { kardApiUrl: "http://kard.invalid", kardTokenUrl: "http://kard.invalid/token" };

/** Starts `deliver-webhooks` behind a queue. A round fills the queue, and measures until it is empty. */
export async function startQueueFunction(subscription: Subscription, deliveries: readonly FirstDelivery[]) {
  const running = new AsyncDisposableStack();
  const server = fork(join(import.meta.dirname, "../servers/queue-server.ts"));
  running.defer(() => server.disconnect());
  const [port] = (await once(server, "message")) as [number];
  const queueUrl = `http://127.0.0.1:${port}`;
  const queue = queueCalls(queueUrl);
  const deliverWebhooks = await openFunction("DeliverWebhooks", context, running);
  const { env, moduleFile } = deliverWebhooks;
  const workers = Array.from(
    { length: deliveringThreads },
    () => new Worker(join(import.meta.dirname, "queue-environment.ts"), { env, workerData: { moduleFile, queueUrl } }),
  );
  running.defer(async () => void (await Promise.all(workers.map((worker) => worker.terminate()))));
  await storeDeliveries(deliverWebhooks, subscription, deliveries);

  return {
    /** @param discard takes the webhooks of a round that does not count */
    async round(discard: () => Promise<unknown>): Promise<DeliveredRound> {
      for (let tries = 0; tries < maxTries; tries++) {
        for (let first = 0; first < deliveries.length; first += postsAtOnce)
          await queue.send(deliveries.slice(first, first + postsAtOnce).map(messageOf));
        await deliverWebhooks.takeCounts();
        const startedAt = performance.now();
        const each = await Promise.all(workers.map(drain));
        const ms = performance.now() - startedAt;
        const { calls, itemsWritten } = await deliverWebhooks.takeCounts();
        if (calls.SendMessageBatch === undefined) {
          if (itemsWritten < deliveries.length) throw new Error(`${itemsWritten} webhooks are on record`);
          return { ms, eachMs: each.flat() };
        }
        // The machine stalled for a second, so the endpoint was marked as slow.
        await discard();
        await storeDeliveries(deliverWebhooks, subscription, deliveries);
        await sleep(subscriptionCacheMs);
      }
      throw new Error("the machine is too busy: the receiver seems slow again and again");
    },
    stop: () => running.disposeAsync(),
  };
}

async function drain(worker: Worker): Promise<number[]> {
  worker.postMessage("drain");
  const [eachMs] = (await once(worker, "message")) as [number[]];
  return eachMs;
}
