import { setTimeout as sleep } from "node:timers/promises";
import { issuerOf } from "../../infra/local/demo/issuer.ts";
import { percentile } from "../../infra/local/demo/journeys.ts";
import { startLocalSandbox } from "../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../infra/local/local-tracker.ts";
import { startBenchReceiver } from "./servers/webhook-receiver.ts";
import { subscribe } from "./subscribe.ts";

const audits = 200;
const pauseMs = 50;
const patienceMs = 60_000;
const organizationId = "bench";

/**
 * Measures the latency from event to receipt through the local stack: Kard's push, the publishing function, the
 * emulated queue, its event source and the delivering function. Audits close one after another.
 */
export async function benchLatency(): Promise<{ p50ms: number; p99ms: number }> {
  const receiver = await startBenchReceiver(0);
  const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
  const tracker = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 1_000 },
  });
  try {
    await subscribe(tracker.outputs, receiver.url);
    const issuer = issuerOf(tracker.outputs);
    for (let number = 0; number < audits; number++) {
      await issuer.file({
        ...{ userId: "user-1", transactionId: `txn-${number}`, auditCode: 3006, merchantName: "Caribbean Goodness" },
        ...{ auditDescription: "cashback never posted", preferredContactEmail: "someone@bank.example" },
        ...{ transactionAmountInCents: 2_600, submitterName: "R. Osei" },
      });
    }
    for (const { id } of kard.sandbox?.audits() ?? []) {
      kard.sandbox?.closeAudit(id);
      await sleep(pauseMs);
    }
    const received: number[] = [];
    const giveUpAt = Date.now() + patienceMs;
    while (received.length < audits && Date.now() < giveUpAt) {
      received.push(...(await receiver.takeReceived()));
      await sleep(100);
    }
    if (received.length < audits) throw new Error(`${received.length} of ${audits} webhooks were received`);
    // The first ones include the functions' cold starts, as on AWS.
    return { p50ms: percentile(received, 0.5), p99ms: percentile(received, 0.99) };
  } finally {
    await tracker.stop();
    await kard.sandbox?.stop();
    receiver.stop();
  }
}
