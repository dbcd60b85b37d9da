import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Delivery } from "../../functions/core/delivery.ts";
import { type LocalTracker, startLocalTracker } from "../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../infra/local/operator-credentials.ts";
import { subscribe } from "./subscribe.ts";
import { type BenchReceiver, startBenchReceiver } from "./webhook-receiver.ts";

const messages = 5_000;
const perBatch = 10;
/**
 * One execution environment handles one batch at a time. It is measured against one bare worker thread: more of them
 * would share this machine's cores with each other and with the emulated table.
 */
const batchesAtOnce = 1;
const organizationId = "bench";

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

/** Delivers messages with the bundled function, beside a bare loop of the same signed POSTs in the same run. */
export async function benchDeliver(latencyMs: number): Promise<DeliverResult> {
  const receiver = await startBenchReceiver(latencyMs);
  const tracker = await startLocalTracker({
    kard: {
      url: "http://kard.invalid",
      tokenUrl: "http://kard.invalid/token",
      secret: { clientId: "bench", clientSecret: "bench", webhookKey: "bench" },
      sandbox: undefined,
    },
    ...{ organizationId, port: 0, dataDir: undefined, tickSeconds: 1_000 },
    ...{ countCapacity: false, concurrency: batchesAtOnce },
  });
  try {
    const { subscriptionId, secret } = await subscribe(tracker.outputs, receiver.url);
    await deliver(tracker, subscriptionId, "warm", 1_000);
    await barePosts(receiver, secret, 1_000);
    const rowsBefore = await notifications(tracker);
    await receiver.takeReceived();

    const bareMs = await barePosts(receiver, secret, messages);
    await received(receiver);
    tracker.stack.clearCalls();
    const deliveredMs = await deliver(tracker, subscriptionId, "measured", messages);
    await received(receiver);

    const calls = (action: string) =>
      tracker.stack.usage().reduce((sum, usage) => sum + (usage.action === action ? usage.calls : 0), 0);
    const single = calls("PutItem") + calls("UpdateItem");
    const requests = single + calls("BatchWriteItem");
    const items = (await notifications(tracker)) - rowsBefore + single;
    return {
      ...{ latencyMs, bareMs, deliveredMs, ratio: bareMs / deliveredMs },
      itemsWrittenPerWebhook: items / messages,
      writeRequestsPerBatch: requests / (messages / perBatch),
    };
  } finally {
    await tracker.stop();
    receiver.stop();
  }
}

/** Invokes the function with batches as its event source does, and gives the milliseconds that all took. */
async function deliver({ stack }: LocalTracker, subscriptionId: string, run: string, count: number): Promise<number> {
  const records = Array.from({ length: count }, (_, number) => {
    const delivery: Delivery = {
      ...{ organizationId, auditId: `${run}-${number}`, sequence: 1, subscriptionId, attemptCount: 0 },
      ...{ eventId: `evt_${run}${number}_1`, eventName: "audit.closed", body },
    };
    return { messageId: `${run}-${number}`, body: JSON.stringify(delivery) };
  });
  const batches = Array.from({ length: count / perBatch }, (_, batch) =>
    records.slice(batch * perBatch, (batch + 1) * perBatch),
  );
  const startedAt = performance.now();
  await pMap(
    batches,
    async (Records) => {
      const invocation = await stack.invoke("DeliverWebhooks", { Records });
      if (invocation.status === "succeeded" && invocation.payload === '{"batchItemFailures":[]}') return;
      throw new Error(`deliver-webhooks failed: ${JSON.stringify(invocation)} ${stack.logs.at(-1)?.line}`);
    },
    { concurrency: batchesAtOnce },
  );
  return performance.now() - startedAt;
}

async function barePosts({ url }: BenchReceiver, secret: string, count: number): Promise<number> {
  const bodies = Array.from({ length: count }, () => body);
  const worker = new Worker(join(import.meta.dirname, "bare-posts.ts"), {
    workerData: { url, secret, bodies, postsAtOnce: batchesAtOnce * perBatch },
  });
  const [ms] = (await once(worker, "message")) as [number];
  await worker.terminate();
  return ms;
}

async function received(receiver: BenchReceiver): Promise<void> {
  const { length } = await receiver.takeReceived();
  if (length !== messages) throw new Error(`${length} of ${messages} webhooks were received`);
}

/** How many notifications the table has. */
async function notifications({ outputs }: LocalTracker): Promise<number> {
  const client = new DynamoDBClient({ endpoint: outputs.DynamoDbEndpoint, ...operatorCredentials });
  let count = 0;
  let after: ConstructorParameters<typeof ScanCommand>[0]["ExclusiveStartKey"];
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: outputs.TableName,
        ProjectionExpression: "sk",
        ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      }),
    );
    count += (page.Items ?? []).filter(({ sk }) => sk?.S?.startsWith("NOTIFICATION#")).length;
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  client.destroy();
  return count;
}
