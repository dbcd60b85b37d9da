import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { shards } from "../../functions/core/shared/lanes.ts";
import { deployedPlan } from "../../infra/config/stage-defaults.ts";
import { medianRound } from "./median-round.ts";
import { withOneFunction } from "./one-function.ts";
import { kardIdOf, seedAudits } from "./polling/seed-audits.ts";
import { startBenchKard } from "./servers/bench-kard.ts";

const audits = 20_000;
const callsAtOnce = 64;
const tenMinutes = 10 * 60_000;

export interface PollResult {
  latencyMs: number;
  bareMs: number;
  polledMs: number;
  ratio: number;
  writesPerUnchangedAudit: number;
  cursorWrites: number;
  pageReads: number;
}

/**
 * Polls due, unchanged audits with the bundled function, and compares it with a baseline of the same calls in the same
 * run. Both are warmed up, like an execution environment that is reused. The median round counts.
 */
export async function benchPoll(latencyMs: number): Promise<PollResult> {
  const kard = await startBenchKard(latencyMs);
  const context = {
    ...{ kardApiUrl: kard.url, kardTokenUrl: `${kard.url}/v2/auth/token` },
    ...{ pollPlan: JSON.stringify(deployedPlan), kardRequestsPerSecond: "1000000" },
  };
  try {
    return await withOneFunction({ functionName: "PollAudits", environments: 1, context }, async (pollAudits) => {
      const { awsEndpoint, tableName } = pollAudits;
      const table = { DynamoDbEndpoint: awsEndpoint, TableName: tableName, OrganizationId: "bench" };
      await seedAudits(table, { first: 0, count: audits, ages: [tenMinutes] });
      const ids = Array.from({ length: audits }, (_, number) => kardIdOf(number));
      const bare = startBareLoop({ url: kard.url, ids, callsAtOnce });
      const round = async (): Promise<PollResult> => {
        const bareMs = await bare.run();
        const before = await kard.requestsSeen();
        await pollAudits.takeCounts();
        const { ms: polledMs } = await pollAudits.invoke([{ shards }]);
        const polled = (await kard.requestsSeen()) - before;
        if (polled !== audits) throw new Error(`${polled} of ${audits} audits were polled`);
        const { calls } = await pollAudits.takeCounts();
        return {
          ...{ latencyMs, bareMs, polledMs, ratio: bareMs / polledMs },
          writesPerUnchangedAudit: ((calls.PutItem ?? 0) + (calls.BatchWriteItem ?? 0)) / audits,
          ...{ cursorWrites: calls.UpdateItem ?? 0, pageReads: calls.Query ?? 0 },
        };
      };
      try {
        return await medianRound(latencyMs, round);
      } finally {
        await bare.stop();
      }
    });
  } finally {
    kard.stop();
  }
}

function startBareLoop(workerData: { url: string; ids: readonly string[]; callsAtOnce: number }) {
  const worker = new Worker(join(import.meta.dirname, "bare-loop.ts"), { workerData });
  return {
    /** Makes all calls. Returns the duration in milliseconds. */
    async run(): Promise<number> {
      worker.postMessage("run");
      const [ms] = (await once(worker, "message")) as [number];
      return ms;
    },
    stop: () => worker.terminate(),
  };
}
