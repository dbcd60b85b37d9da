import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pMap from "p-map";
import { request } from "undici";
import { receiveFromQueue, receiveWebhooks } from "../../../infra/local/demo/receivers.ts";
import { startLocalSandbox, subscribeToPushes } from "../../../infra/local/local-kard.ts";
import { type LocalTracker, startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { subscribe } from "../subscribe.ts";
import { whileRunning } from "../while-running.ts";
import { arrivals, type Latency } from "./arrivals.ts";
import { type CpuByPart, cpuMeter } from "./cpu-meter.ts";

const organizationId = "bench";
const unlimited = "1000000";
const filedAtOnce = 8;
/** Closings per second, on average. The gaps between them are random. */
export const closedPerSecond = 10;
/** How many of the audits are closed in each way, at most. So most of them stay open, and are polled. */
const closedShare = 0.15;
/** The first ones start the functions, and do not count. */
const warmUp = 20;
/** Each open audit is polled in this interval. */
export const pollGapMs = 30_000;
const second = 1_000;
const patienceMs = 2 * 60_000;
const pollPlan = {
  bands: [{ from: second, to: null, gap: pollGapMs, resolution: second }],
  overdueAfter: 90 * 24 * 3_600_000,
};

/** The audits that Kard closed in one phase. */
export interface Closed {
  audits: number;
  toQueue: Latency;
  toWebhook: Latency;
  /** CPU time for each of them. */
  cpuMs: CpuByPart;
}

export interface EndToEndResult {
  audits: number;
  filed: { perSecond: number; cpuMs: CpuByPart };
  byPoll: Closed;
  byPush: Closed;
}

/**
 * Files audits on the local stack, and closes some of them at random: first while the poller alone finds them, then
 * with Kard's pushes and without the poller.
 */
export function benchEndToEnd(progress: (line: string) => void, audits: number): Promise<EndToEndResult> {
  return whileRunning(async (running) => {
    const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
    const { sandbox } = kard;
    if (sandbox === undefined) throw new Error("the sandbox did not start");
    running.defer(() => sandbox.stop());
    const cpu = cpuMeter();
    progress("starting the local stack");
    const tracker = await startLocalTracker({
      ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 36_000, push: false },
      context: {
        ...{ pollPlan: JSON.stringify(pollPlan), kardRequestsPerSecond: unlimited },
        ...{ callerRequestsPerSecond: unlimited, issuerRequestsPerSecond: unlimited },
      },
      hooks: { onInvocation: (name, _, cpuMs) => cpu.add(shortName(name), cpuMs) },
    });
    running.defer(() => tracker.stop());
    const closedAt = new Map<string, number>();
    const places = { queue: arrivals(closedAt), webhook: arrivals(closedAt) };
    const refuse = (reason: string) => progress(`a webhook was refused: ${reason}`);
    const receiver = await receiveWebhooks(places.webhook.onEvent, refuse);
    running.defer(() => receiver.stop());
    receiver.verifyWith((await subscribe(tracker.outputs, receiver.url)).secret);
    const queue = receiveFromQueue(tracker.outputs, tracker.outputs.ResolutionsQueueUrl, places.queue.onEvent);
    running.defer(() => queue.stop());

    progress(`filing ${audits} audits`);
    cpu.take();
    const startedAt = performance.now();
    await file(tracker, audits, progress);
    const perSecond = (1_000 * audits) / (performance.now() - startedAt);
    const filed = { perSecond, cpuMs: each(cpu.take(), audits) };

    const random = seededRandom(1);
    const ids = shuffled(
      sandbox.audits().map(({ id }) => id),
      random,
    );
    const close = async (count: number) => {
      const some = ids.splice(0, count);
      for (const [place, id] of some.entries()) {
        closedAt.set(id, Date.now());
        sandbox.closeAudit(id);
        if (place % 500 === 499) progress(`${place + 1} of ${some.length} are closed`);
        await sleep((-1_000 / closedPerSecond) * Math.log(1 - random()));
      }
      for (const place of Object.values(places)) await place.untilArrived(closedAt.size, patienceMs);
      return some;
    };
    const measure = async (): Promise<Closed> => {
      await close(warmUp);
      cpu.take();
      const some = await close(Math.ceil(audits * closedShare));
      const [toQueue, toWebhook] = [places.queue.latencyOf(some), places.webhook.latencyOf(some)];
      return { audits: some.length, toQueue, toWebhook, cpuMs: each(cpu.take(), some.length) };
    };
    progress(`Kard closes audits, which are polled every ${pollGapMs / 1_000} s`);
    const ticking = tickEachSecond(tracker);
    const byPoll = await measure();
    await ticking.stop();
    progress("Kard closes audits, and pushes");
    await subscribeToPushes(kard, organizationId, `${tracker.outputs.ApiUrl}/kard/${organizationId}/notifications`);
    return { audits, filed, byPoll, byPush: await measure() };
  });
}

async function file({ outputs }: LocalTracker, count: number, progress: (line: string) => void): Promise<void> {
  const url = `${outputs.ApiUrl}/v2/issuers/${organizationId}/users/user-1/audits`;
  let filed = 0;
  const fileOne = async () => {
    const attributes = { transactionId: randomUUID(), auditCode: 3006, merchantName: "Shop", auditDescription: "none" };
    const { statusCode, body } = await request(url, {
      method: "POST",
      headers: {
        ...{ authorization: `Bearer ${outputs.ApiKey}`, "content-type": "application/json" },
        "idempotency-key": attributes.transactionId,
      },
      body: JSON.stringify({ data: [{ type: "audit", attributes }] }),
    });
    const text = await body.text();
    if (statusCode !== 201) throw new Error(`a create was answered ${statusCode}: ${text}`);
    filed++;
    if (filed % 1_000 === 0) progress(`${filed} of ${count} audits are filed`);
  };
  await pMap(Array.from({ length: count }), fileOne, { concurrency: filedAtOnce });
}

function tickEachSecond({ stack }: LocalTracker) {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) await Promise.all([stack.tick(), sleep(second)]);
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function each(cpu: CpuByPart, audits: number): CpuByPart {
  return Object.fromEntries(Object.entries(cpu).map(([part, ms]) => [part, ms / audits]));
}

function shuffled(ids: readonly string[], random: () => number): string[] {
  return ids
    .map((id) => [random(), id] as const)
    .sort(([one], [other]) => one - other)
    .map(([, id]) => id);
}

/** `Stack-AuditsApi2CB0C42C` as `AuditsApi`. */
function shortName(functionName: string): string {
  return functionName.replace(/^.*-/, "").replace(/[0-9A-F]{8}$/, "");
}
