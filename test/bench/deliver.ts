import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { aSubscription } from "../support/sample-audits.ts";
import {
  type FirstDelivery,
  firstDeliveries,
  messageOf,
  storeDeliveries,
  subscriptionCacheMs,
  webhookBody,
} from "./delivering/first-deliveries.ts";
import { medianRound } from "./median-round.ts";
import { type OneFunction, withOneFunction } from "./one-function.ts";
import { type BenchReceiver, startBenchReceiver } from "./servers/webhook-receiver.ts";

const messages = 5_000;
const perBatch = 10;
/** An execution environment handles one batch at a time. The baseline has as many threads and concurrent POSTs. */
const environments = 2;

const context = { kardApiUrl: "http://kard.invalid", kardTokenUrl: "http://kard.invalid/token" };

export interface DeliverResult {
  latencyMs: number;
  bareMs: number;
  deliveredMs: number;
  ratio: number;
  /** Ratio to the baseline that also writes once per batch. */
  ratioToRecording: number;
  itemsWrittenPerWebhook: number;
  writeRequestsPerBatch: number;
}

/**
 * Delivers messages with the bundled function, and compares it with a baseline of the same signed POSTs in the same
 * run. Both are warmed up. The median round counts.
 */
export async function benchDeliver(latencyMs: number): Promise<DeliverResult> {
  const receiver = await startBenchReceiver(latencyMs);
  try {
    return await withOneFunction(
      { functionName: "DeliverWebhooks", environments, context },
      async (deliverWebhooks) => {
        const subscription = aSubscription({ webhookUrl: receiver.url });
        const deliveries = firstDeliveries(subscription, messages);
        await storeDeliveries(deliverWebhooks, subscription, deliveries);
        const bare = startBarePosts(receiver, subscription.secrets[0]?.secret ?? "", deliverWebhooks);
        const round = async (triesLeft = 3): Promise<DeliverResult> => {
          await receiver.takeReceived();
          const bareMs = await bare.run("post");
          await received(receiver);
          const recordingMs = await bare.run("post-and-record");
          await received(receiver);
          await deliverWebhooks.takeCounts();
          const deliveredMs = await deliver(deliverWebhooks, deliveries);
          const { calls, itemsWritten } = await deliverWebhooks.takeCounts();
          if (calls.SendMessageBatch !== undefined && triesLeft > 0) {
            // The machine stalled for a second, so the endpoint was marked as slow.
            await storeDeliveries(deliverWebhooks, subscription, deliveries);
            await sleep(subscriptionCacheMs);
            return round(triesLeft - 1);
          }
          await received(receiver);
          if (itemsWritten < messages) throw new Error(`${itemsWritten} of ${messages} webhooks are on record`);
          return {
            ...{ latencyMs, bareMs, deliveredMs, ratio: bareMs / deliveredMs },
            ratioToRecording: recordingMs / deliveredMs,
            itemsWrittenPerWebhook: (itemsWritten + (calls.PutItem ?? 0) + (calls.UpdateItem ?? 0)) / messages,
            writeRequestsPerBatch: sum(calls, "BatchWriteItem", "PutItem", "UpdateItem") / (messages / perBatch),
          };
        };
        try {
          return await medianRound(latencyMs, () => round());
        } finally {
          await bare.stop();
        }
      },
    );
  } finally {
    receiver.stop();
  }
}

const sum = (calls: Record<string, number>, ...actions: string[]) =>
  actions.reduce((total, action) => total + (calls[action] ?? 0), 0);

/** Invokes the function with batches like its event source. Returns the duration in milliseconds. */
async function deliver(deliverWebhooks: OneFunction, deliveries: readonly FirstDelivery[]): Promise<number> {
  const records = deliveries.map((delivery, number) => ({
    messageId: `${number}`,
    body: messageOf(delivery),
    attributes: { ApproximateReceiveCount: "1" },
  }));
  const batches = Array.from({ length: messages / perBatch }, (_, batch) => ({
    Records: records.slice(batch * perBatch, (batch + 1) * perBatch),
  }));
  const { ms, responses } = await deliverWebhooks.invoke(batches);
  const refused = responses.find((response) => response !== '{"batchItemFailures":[]}');
  if (refused !== undefined) throw new Error(`deliver-webhooks answered ${refused}`);
  return ms;
}

function startBarePosts({ url }: BenchReceiver, secret: string, { awsEndpoint, tableName }: OneFunction) {
  const bodies = Array.from({ length: messages / environments }, () => webhookBody);
  const workerData = { url, secret, bodies, postsAtOnce: perBatch, awsEndpoint, tableName };
  const workers = Array.from(
    { length: environments },
    () => new Worker(join(import.meta.dirname, "bare-posts.ts"), { workerData }),
  );
  return {
    /** Makes all POSTs. Returns the duration in milliseconds. */
    async run(what: "post" | "post-and-record"): Promise<number> {
      const startedAt = performance.now();
      const done = workers.map((worker) => once(worker, "message"));
      for (const worker of workers) worker.postMessage(what);
      await Promise.all(done);
      return performance.now() - startedAt;
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

async function received(receiver: BenchReceiver): Promise<void> {
  const { length } = await receiver.takeReceived();
  if (length !== messages) throw new Error(`${length} of ${messages} webhooks were received`);
}
