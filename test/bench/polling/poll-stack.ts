import { shards } from "../../../functions/core/shared/lanes.ts";
import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import { type LocalTracker, startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { measureHeap } from "../../support/stack-instruments/peak-heap.ts";
import { startBenchKard } from "../servers/bench-kard.ts";

/** The local stack with a Kard that never changes a status. */
export interface PollStack extends Pick<LocalTracker, "outputs"> {
  /** Runs one tick of one poller over all shards. */
  tick(): Promise<MeasuredTick>;
}

export interface MeasuredTick {
  ms: number;
  /** Number of polled audits. */
  polled: number;
  maxHeapBytes: number;
  tableCalls: (action: string) => number;
}

/** Runs the bundled functions with a slow Kard while `work` runs. */
export async function withPollStack<Result>(
  options: { latencyMs: number; pollPlan: PollPlan },
  work: (stack: PollStack) => Promise<Result>,
): Promise<Result> {
  const { url: kardUrl, requestsSeen, stop: stopKard } = await startBenchKard(options.latencyMs);
  const { stop, stack, outputs } = await startLocalTracker({
    kard: {
      url: kardUrl,
      tokenUrl: `${kardUrl}/v2/auth/token`,
      tokenRequest: "form",
      secret: { clientId: "bench", clientSecret: "bench", webhookKey: "bench" },
      sandbox: undefined,
    },
    organizationId: "bench",
    port: 0,
    dataDir: undefined,
    tickSeconds: 3_600,
    context: { pollPlan: JSON.stringify(options.pollPlan), kardRequestsPerSecond: "1000000" },
    hooks: { measureHeap },
  });

  async function tick(): Promise<MeasuredTick> {
    const before = await requestsSeen();
    stack.clearCalls();
    const startedAt = performance.now();
    const invocation = await stack.invoke("PollAudits", { shards });
    const ms = performance.now() - startedAt;
    if (invocation.status !== "succeeded") throw new Error(`poll-audits failed: ${JSON.stringify(invocation)}`);
    const usage = stack.usage();
    return {
      ...{ ms, polled: (await requestsSeen()) - before, maxHeapBytes: invocation.maxHeapBytes ?? 0 },
      tableCalls: (action) => usage.reduce((sum, use) => sum + (use.action === action ? use.calls : 0), 0),
    };
  }

  try {
    return await work({ outputs, tick });
  } finally {
    await stop();
    stopKard();
  }
}
