import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { lanePartition } from "../../../functions/adapters/dynamodb/table/lane-partitions.ts";
import { shards } from "../../../functions/core/shared/lanes.ts";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import { measureRounds, middleOf } from "../median-round.ts";
import { withOneFunction } from "../one-function.ts";
import { seedAudits } from "../polling/seed-audits.ts";
import { startBenchKard } from "../servers/bench-kard.ts";
import { whileRunning } from "../while-running.ts";

const audits = 5_000;
const callsAtOnce = 64;
const tenMinutes = 10 * 60_000;
const rounds = { warmUp: 4, measured: 11 };
const organizationId = "bench";

export interface PeerPollResult {
  polledMs: number;
  naiveMs: number;
  /** The naive poller's time by ours, in the median round. */
  ratio: number;
  writes: { ours: number; naive: number };
}

/** Polls due, unchanged audits with the bundled function and with a poller that stores the next time of each audit. */
export function benchPeerPoll(): Promise<PeerPollResult> {
  return whileRunning(measure);
}

async function measure(running: AsyncDisposableStack): Promise<PeerPollResult> {
  const kard = await startBenchKard(0);
  running.defer(() => kard.stop());
  const context = {
    ...{ kardApiUrl: kard.url, kardTokenUrl: `${kard.url}/v2/auth/token` },
    ...{ pollPlan: JSON.stringify(deployedPlan), kardRequestsPerSecond: "1000000" },
  };
  return await withOneFunction({ functionName: "PollAudits", environments: 1, context }, async (pollAudits) => {
    const { awsEndpoint: DynamoDbEndpoint, tableName, env } = pollAudits;
    const table = { DynamoDbEndpoint, TableName: tableName, OrganizationId: organizationId };
    await seedAudits(table, { first: 0, count: audits, ages: [tenMinutes] });
    const lanes = shards.map((shard) => lanePartition("OPEN", organizationId, shard));
    const workerData = { kardUrl: kard.url, tableName, lanes, callsAtOnce };
    const naive = new Worker(join(import.meta.dirname, "naive-poller.ts"), { env, workerData });
    /** Runs a poller over all audits, and counts its writes. */
    const counted = async (poll: () => Promise<number>) => {
      const before = await kard.requestsSeen();
      await pollAudits.takeCounts();
      const ms = await poll();
      const polled = (await kard.requestsSeen()) - before;
      if (polled !== audits) throw new Error(`${polled} of ${audits} audits were polled`);
      const { calls } = await pollAudits.takeCounts();
      return { ms, writes: (calls.UpdateItem ?? 0) + (calls.PutItem ?? 0) + (calls.BatchWriteItem ?? 0) };
    };
    const round = async (): Promise<PeerPollResult> => {
      const ofNaive = await counted(async () => {
        naive.postMessage("poll");
        const [ms] = (await once(naive, "message")) as [number];
        return ms;
      });
      const ours = await counted(async () => (await pollAudits.invoke([{ shards }])).ms);
      return {
        ...{ polledMs: ours.ms, naiveMs: ofNaive.ms, ratio: ofNaive.ms / ours.ms },
        writes: { ours: ours.writes, naive: ofNaive.writes },
      };
    };
    try {
      return middleOf(await measureRounds(0, round, rounds));
    } finally {
      await naive.terminate();
    }
  });
}
