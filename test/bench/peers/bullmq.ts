import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Queue } from "bullmq";
import type { FirstDelivery } from "../delivering/first-deliveries.ts";
import { type DeliveredRound, deliveringThreads, postsAtOnce } from "./delivered-round.ts";
import type { Redis } from "./redis.ts";

/** As a user of BullMQ would retry webhooks. No attempt fails here. */
const jobOptions = { attempts: 10, backoff: { type: "exponential", delay: 5_000 } };

/** Starts threads with BullMQ's workers. A round adds all jobs to a paused queue, and measures from its resumption. */
export async function startBullmq(options: {
  redis: Redis;
  url: string;
  secret: string;
  deliveries: readonly FirstDelivery[];
}) {
  const { deliveries, url, secret } = options;
  const redis = { host: options.redis.host, port: options.redis.port };
  const queue = new Queue<FirstDelivery>("webhooks", { connection: redis });
  const completed = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { redis, url, secret, postsAtOnce, completed, total: deliveries.length };
  const workers = Array.from(
    { length: deliveringThreads },
    () => new Worker(join(import.meta.dirname, "bullmq-worker.ts"), { workerData }),
  );
  await Promise.all(workers.map((worker) => once(worker, "message")));

  return {
    async round(): Promise<DeliveredRound> {
      await queue.pause();
      await queue.addBulk(deliveries.map((data) => ({ name: data.eventName, data, opts: jobOptions })));
      Atomics.store(completed, 0, 0);
      const done = Promise.race(workers.map((worker) => once(worker, "message")));
      const startedAt = performance.now();
      await queue.resume();
      await done;
      const ms = performance.now() - startedAt;
      const each = workers.map(async (worker) => {
        worker.postMessage("take");
        const [eachMs] = (await once(worker, "message")) as [number[]];
        return eachMs;
      });
      const eachMs = (await Promise.all(each)).flat();
      const { completed: stored = 0 } = await queue.getJobCounts("completed");
      if (stored !== deliveries.length) throw new Error(`${stored} of ${deliveries.length} jobs are completed`);
      await queue.obliterate({ force: true });
      return { ms, eachMs };
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.terminate()));
      await queue.close();
    },
  };
}
