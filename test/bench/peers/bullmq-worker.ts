import { parentPort, workerData } from "node:worker_threads";
import { type Job, Worker } from "bullmq";
import { Agent } from "undici";
import { signatureHeaders } from "../../../functions/core/notifications/webhook-signature.ts";
import type { FirstDelivery } from "../delivering/first-deliveries.ts";

/**
 * A worker of BullMQ that sends each job as a signed POST. BullMQ stores the outcome in Redis. The thread that
 * completes the last job of all threads says so. Any message is answered with the time of each job since the last one,
 * from its start to its stored outcome.
 */
const { redis, url, secret, postsAtOnce, completed, total } = workerData as {
  redis: { host: string; port: number };
  url: string;
  secret: string;
  postsAtOnce: number;
  /** Shared by all threads. */
  completed: Int32Array;
  total: number;
};
const agent = new Agent();
const { origin, pathname: path } = new URL(url);
const startedAt = new Map<string, number>();
let eachMs: number[] = [];

async function send({ id = "", data }: Job<FirstDelivery>): Promise<{ statusCode: number }> {
  startedAt.set(id, performance.now());
  const message = { id: data.eventId, body: data.body };
  const { statusCode, body } = await agent.request({
    ...{ origin, path },
    method: "POST",
    headers: { "content-type": "application/json", ...signatureHeaders([secret], message, Date.now()) },
    body: message.body,
  });
  await body.arrayBuffer();
  if (statusCode !== 204) throw new Error(`answered ${statusCode}`);
  return { statusCode };
}

const worker = new Worker<FirstDelivery>("webhooks", send, { connection: redis, concurrency: postsAtOnce });
worker.on("completed", ({ id = "" }) => {
  eachMs.push(performance.now() - (startedAt.get(id) ?? 0));
  startedAt.delete(id);
  if (Atomics.add(completed, 0, 1) + 1 === total) parentPort?.postMessage("done");
});
worker.on("failed", (_, error) => {
  throw error;
});
await worker.waitUntilReady();

parentPort?.on("message", () => {
  parentPort?.postMessage(eachMs);
  eachMs = [];
});
parentPort?.postMessage("ready");
