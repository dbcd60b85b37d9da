import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { deployedPlan } from "../../infra/config.ts";
import { forgetCursors } from "./forget-cursors.ts";
import { middleByRatio } from "./middle.ts";
import { withPollStack } from "./poll-stack.ts";
import { kardIdOf, seedAudits } from "./seed-audits.ts";

const audits = 20_000;
const callsAtOnce = 64;
const rounds = 3;
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
 * Polls due, unchanged audits with the bundled function, beside a bare loop of the same calls in the same run. Both have
 * run once before, as an execution environment has that lives from tick to tick; of some rounds the middle one counts.
 */
export function benchPoll(latencyMs: number): Promise<PollResult> {
  return withPollStack({ latencyMs, pollPlan: deployedPlan }, async ({ outputs, kardUrl, tick }) => {
    await seedAudits(outputs, { first: 0, count: audits, ages: [tenMinutes] });
    const ids = Array.from({ length: audits }, (_, number) => kardIdOf(number));
    const bare = startBareLoop({ url: kardUrl, ids, callsAtOnce });
    const round = async () => {
      const bareMs = await bare.run();
      await forgetCursors(outputs);
      const { ms: polledMs, polled, tableCalls } = await tick();
      if (polled !== audits) throw new Error(`${polled} of ${audits} audits were polled`);
      const auditWrites = tableCalls("PutItem") + tableCalls("BatchWriteItem");
      return {
        ...{ latencyMs, bareMs, polledMs, ratio: bareMs / polledMs, writesPerUnchangedAudit: auditWrites / audits },
        ...{ cursorWrites: tableCalls("UpdateItem"), pageReads: tableCalls("Query") },
      };
    };
    await round();
    const measured = [];
    while (measured.length < rounds) measured.push(await round());
    await bare.stop();
    return middleByRatio(measured);
  });
}

function startBareLoop(workerData: { url: string; ids: readonly string[]; callsAtOnce: number }) {
  const worker = new Worker(join(import.meta.dirname, "bare-loop.ts"), { workerData });
  return {
    /** Makes all calls; gives the milliseconds that they took. */
    async run(): Promise<number> {
      worker.postMessage("run");
      const [ms] = (await once(worker, "message")) as [number];
      return ms;
    },
    stop: () => worker.terminate(),
  };
}
