import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { deployedPlan } from "../../infra/config.ts";
import { withPollStack } from "./poll-stack.ts";
import { kardIdOf, seedAudits } from "./seed-audits.ts";

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

/** Polls due, unchanged audits with the bundled function, beside a bare loop of the same calls in the same run. */
export function benchPoll(latencyMs: number): Promise<PollResult> {
  return withPollStack({ latencyMs, pollPlan: deployedPlan }, async ({ outputs, kardUrl, tick }) => {
    await tick();
    await seedAudits(outputs, { first: 0, count: audits, ages: [tenMinutes] });
    const ids = Array.from({ length: audits }, (_, number) => kardIdOf(number));
    await bareLoop(kardUrl, ids.slice(0, 2_000));
    const bareMs = await bareLoop(kardUrl, ids);
    const { ms: polledMs, polled, tableCalls } = await tick();
    if (polled !== audits) throw new Error(`${polled} of ${audits} audits were polled`);
    const auditWrites = tableCalls("PutItem") + tableCalls("BatchWriteItem");
    return {
      ...{ latencyMs, bareMs, polledMs, ratio: bareMs / polledMs, writesPerUnchangedAudit: auditWrites / audits },
      ...{ cursorWrites: tableCalls("UpdateItem"), pageReads: tableCalls("Query") },
    };
  });
}

async function bareLoop(url: string, ids: readonly string[]): Promise<number> {
  const worker = new Worker(join(import.meta.dirname, "bare-loop.ts"), { workerData: { url, ids, callsAtOnce } });
  const [ms] = (await once(worker, "message")) as [number];
  await worker.terminate();
  return ms;
}
