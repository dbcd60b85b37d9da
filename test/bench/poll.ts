import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { request } from "undici";
import { toItem } from "../../functions/adapters/dynamo-table.ts";
import { lanePartition, shardOf, shards } from "../../functions/core/lanes.ts";
import { deployedPlan } from "../../infra/config.ts";
import { type LocalTracker, startLocalTracker } from "../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../infra/local/operator-credentials.ts";

const audits = 20_000;
const callsAtOnce = 64;
const organizationId = "bench";
const acceptedMinutesAgo = 10;

export interface PollResult {
  latencyMs: number;
  bareMs: number;
  polledMs: number;
  ratio: number;
  writesPerUnchangedAudit: number;
  cursorWrites: number;
  pageReads: number;
}

/** Polls due, unchanged audits with the bundled function, beside a bare loop of the same calls in the same run. */
export async function benchPoll(latencyMs: number): Promise<PollResult> {
  const server = fork(join(import.meta.dirname, "kard-server.ts"), [String(latencyMs)]);
  const [port] = (await once(server, "message")) as [number];
  const url = `http://127.0.0.1:${port}`;
  const tracker = await startLocalTracker({
    kard: {
      url,
      tokenUrl: `${url}/v2/auth/token`,
      secret: { clientId: "bench", clientSecret: "bench", webhookKey: "bench" },
      sandbox: undefined,
    },
    organizationId,
    port: 0,
    dataDir: undefined,
    tickSeconds: 3_600,
    context: { pollPlan: JSON.stringify(deployedPlan), kardRequestsPerSecond: "1000000" },
    countCapacity: false,
  });
  try {
    await poll(tracker);
    const ids = await seed(tracker, audits);
    await bareLoop(url, ids.slice(0, 2_000));
    const bareMs = await bareLoop(url, ids);
    const before = await requestsSeen(url);
    tracker.stack.clearCalls();
    const polledMs = await poll(tracker);
    const polled = (await requestsSeen(url)) - before;
    if (polled !== audits) throw new Error(`${polled} of ${audits} audits were polled`);
    return { latencyMs, bareMs, polledMs, ratio: bareMs / polledMs, ...tableCalls(tracker) };
  } finally {
    await tracker.stop();
    server.disconnect();
  }
}

/** Fills the lanes with audits that the youngest band makes due, and returns their Kard ids. */
async function seed({ outputs }: LocalTracker, count: number): Promise<string[]> {
  const client = new DynamoDBClient({ endpoint: outputs.DynamoDbEndpoint, ...operatorCredentials });
  const acceptedAt = Date.now() - acceptedMinutesAgo * 60_000;
  const ids = Array.from({ length: count }, (_, number) => `kard-${number}`);
  for (let first = 0; first < count; first += 25) {
    const writes = ids.slice(first, first + 25).map((kardAuditId, index) => {
      const auditId = `audit-${first + index}`;
      const item = toItem({
        ...{ pk: `AUDIT#${organizationId}#${auditId}`, sk: "AUDIT", organizationId, auditId, kardAuditId },
        ...{ status: "NEW", lane: lanePartition("OPEN", shardOf(auditId)), laneAt: acceptedAt + first + index },
      });
      return { PutRequest: { Item: item } };
    });
    await client.send(new BatchWriteItemCommand({ RequestItems: { [outputs.TableName]: writes } }));
  }
  client.destroy();
  return ids;
}

/** One invocation, in milliseconds. */
async function poll({ stack }: LocalTracker): Promise<number> {
  const startedAt = performance.now();
  const invocation = await stack.invoke("PollAudits", { shards });
  if (invocation.status !== "succeeded") throw new Error(`poll-audits failed: ${JSON.stringify(invocation)}`);
  return performance.now() - startedAt;
}

async function bareLoop(url: string, ids: readonly string[]): Promise<number> {
  const worker = new Worker(join(import.meta.dirname, "bare-loop.ts"), { workerData: { url, ids, callsAtOnce } });
  const [ms] = (await once(worker, "message")) as [number];
  await worker.terminate();
  return ms;
}

async function requestsSeen(url: string): Promise<number> {
  const { body } = await request(`${url}/requests`);
  return ((await body.json()) as { requests: number }).requests;
}

function tableCalls({ stack }: LocalTracker) {
  const calls = (action: string) =>
    stack.usage().reduce((sum, usage) => sum + (usage.action === action ? usage.calls : 0), 0);
  const cursorWrites = calls("UpdateItem");
  const auditWrites = calls("PutItem") + calls("BatchWriteItem");
  return { writesPerUnchangedAudit: auditWrites / audits, cursorWrites, pageReads: calls("Query") };
}
