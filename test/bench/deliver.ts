import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import pMap from "p-map";
import type { Delivery } from "../../functions/core/delivery.ts";
import { type DeliverStack, withDeliverStack } from "./deliver-stack.ts";
import { middleByRatio } from "./middle.ts";
import { type BenchReceiver, startBenchReceiver } from "./webhook-receiver.ts";

const messages = 5_000;
const perBatch = 10;
/** An execution environment handles a batch at a time; the bare loop has as many threads, each with as many POSTs. */
const environments = 2;
/** With no latency, it takes as many rounds until both are as fast as they get; with some, the wait is what counts. */
const warmUpRounds = 4;
const rounds = 3;

const golden = readFileSync(join(import.meta.dirname, "../../docs/contract/examples/valid/audit.closed.json"), "utf8");
const body = JSON.stringify(JSON.parse(golden));

export interface DeliverResult {
  latencyMs: number;
  bareMs: number;
  deliveredMs: number;
  ratio: number;
  itemsWrittenPerWebhook: number;
  writeRequestsPerBatch: number;
}

/**
 * Delivers messages with the bundled function, beside a bare loop of the same signed POSTs in the same run. Both have
 * run before; of some rounds the middle one counts.
 */
export async function benchDeliver(latencyMs: number): Promise<DeliverResult> {
  const receiver = await startBenchReceiver(latencyMs);
  try {
    return await withDeliverStack({ webhookUrl: receiver.url, environments }, async (stack) => {
      const bare = startBarePosts(receiver, stack.subscription.secrets[0]?.secret ?? "");
      const round = async (): Promise<DeliverResult> => {
        await receiver.takeReceived();
        const bareMs = await bare.run();
        await received(receiver);
        await stack.takeWritten();
        const deliveredMs = await deliver(stack);
        await received(receiver);
        const { requests, items } = await stack.takeWritten();
        return {
          ...{ latencyMs, bareMs, deliveredMs, ratio: bareMs / deliveredMs },
          itemsWrittenPerWebhook: items / messages,
          writeRequestsPerBatch: requests / (messages / perBatch),
        };
      };
      for (let warmUp = 0; warmUp < (latencyMs === 0 ? warmUpRounds : 1); warmUp++) await round();
      const measured = [];
      while (measured.length < (latencyMs === 0 ? rounds : 1)) measured.push(await round());
      await bare.stop();
      return middleByRatio(measured);
    });
  } finally {
    receiver.stop();
  }
}

/** Invokes the function with batches as its event source does, and gives the milliseconds that all took. */
async function deliver({ deliverWebhooks, subscription }: DeliverStack): Promise<number> {
  const { organizationId, subscriptionId } = subscription;
  const records = Array.from({ length: messages }, (_, number) => {
    const delivery: Delivery = {
      ...{ organizationId, auditId: `audit-${number}`, sequence: 1, subscriptionId, attemptCount: 0 },
      ...{ eventId: `evt_${number}_1`, eventName: "audit.closed", body },
    };
    return { messageId: `${number}`, body: JSON.stringify(delivery) };
  });
  const batches = Array.from({ length: messages / perBatch }, (_, batch) =>
    records.slice(batch * perBatch, (batch + 1) * perBatch),
  );
  const startedAt = performance.now();
  await pMap(
    batches,
    async (Records) => {
      const invocation = await deliverWebhooks.invoke({ Records });
      if (invocation.status === "succeeded" && invocation.payload === '{"batchItemFailures":[]}') return;
      throw new Error(`deliver-webhooks failed: ${JSON.stringify(invocation)}`);
    },
    { concurrency: environments },
  );
  return performance.now() - startedAt;
}

function startBarePosts({ url }: BenchReceiver, secret: string) {
  const bodies = Array.from({ length: messages / environments }, () => body);
  const workerData = { url, secret, bodies, postsAtOnce: perBatch };
  const workers = Array.from(
    { length: environments },
    () => new Worker(join(import.meta.dirname, "bare-posts.ts"), { workerData }),
  );
  return {
    /** Makes all POSTs; gives the milliseconds that they took. */
    async run(): Promise<number> {
      const startedAt = performance.now();
      const done = workers.map((worker) => once(worker, "message"));
      for (const worker of workers) worker.postMessage("run");
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
