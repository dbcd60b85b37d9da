import { setTimeout as sleep } from "node:timers/promises";
import { issuerOf } from "../../infra/local/demo/issuer.ts";
import { percentile } from "../../infra/local/demo/journeys.ts";
import { startLocalSandbox } from "../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../infra/local/local-tracker.ts";
import { startBenchReceiver } from "./servers/webhook-receiver.ts";
import { subscribe } from "./subscribe.ts";

const warmAudits = 200;
const pauseMs = 50;
const coldAudits = 20;
const patienceMs = 60_000;
const organizationId = "bench";

interface Latency {
  p50ms: number;
  p99ms: number;
}

/**
 * Measures the latency from event to receipt through the local stack: Kard's push, the publishing function, the
 * emulated queue, its event source and the delivering function.
 *
 * @returns the latency with warm functions, while audits close at a steady rate, and that of `cold` ones: each audit
 *   closes when no function has an execution environment
 */
export async function benchLatency(): Promise<Latency & { cold: Latency }> {
  const warm = await measure({ keepIdleMs: 60_000, warmUps: 40, audits: warmAudits, oneByOne: false });
  const cold = await measure({ keepIdleMs: 1, warmUps: 0, audits: coldAudits, oneByOne: true });
  console.log(`The same with cold functions: p50 ${cold.p50ms} ms, p99 ${cold.p99ms} ms`);
  return { ...warm, cold };
}

async function measure(options: {
  keepIdleMs: number;
  warmUps: number;
  audits: number;
  /** Whether an audit closes after the webhook of the one before was received. */
  oneByOne: boolean;
}): Promise<Latency> {
  const { keepIdleMs, warmUps, audits, oneByOne } = options;
  const receiver = await startBenchReceiver(0);
  const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
  const tracker = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 1_000, keepIdleMs },
  });
  const receive = async (count: number): Promise<number[]> => {
    const received: number[] = [];
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      received.push(...(await receiver.takeReceived()));
      if (received.length >= count) return received;
      if (Date.now() > giveUpAt) throw new Error(`${received.length} of ${count} webhooks were received`);
      await sleep(20);
    }
  };
  try {
    await subscribe(tracker.outputs, receiver.url);
    const issuer = issuerOf(tracker.outputs);
    for (let number = 0; number < warmUps + audits; number++) {
      await issuer.file({
        ...{ userId: "user-1", transactionId: `txn-${number}`, auditCode: 3006, merchantName: "Caribbean Goodness" },
        ...{ auditDescription: "cashback never posted", preferredContactEmail: "someone@bank.example" },
        ...{ transactionAmountInCents: 2_600, submitterName: "R. Osei" },
      });
    }
    const ids = kard.sandbox?.audits().map(({ id }) => id) ?? [];
    // Overlapping invocations start as many environments as the measured ones need.
    for (const id of ids.slice(0, warmUps)) kard.sandbox?.closeAudit(id);
    await receive(warmUps);
    const received: number[] = [];
    for (const id of ids.slice(warmUps)) {
      kard.sandbox?.closeAudit(id);
      if (oneByOne) received.push(...(await receive(1)));
      await sleep(pauseMs);
    }
    received.push(...(await receive(audits - received.length)));
    return { p50ms: percentile(received, 0.5), p99ms: percentile(received, 0.99) };
  } finally {
    await tracker.stop();
    await kard.sandbox?.stop();
    receiver.stop();
  }
}
