import { setTimeout as sleep } from "node:timers/promises";
import { issuerOf } from "../../infra/local/demo/issuer.ts";
import { startLocalSandbox } from "../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../infra/local/local-tracker.ts";
import type { LocalStack } from "../../infra/local/runner/local-stack.ts";
import { createCapacityMeter } from "../support/stack-instruments/capacity-meter.ts";
import { startBenchReceiver } from "./servers/webhook-receiver.ts";
import { subscribe } from "./subscribe.ts";

const audits = 200;
const pauseMs = 50;
const patienceMs = 120_000;
const organizationId = "bench";

/** What AWS would charge for, for each audit: filed alone, closed by a push, delivered to one webhook. */
export interface CostPerAudit {
  writeUnits: number;
  readUnits: number;
  /** Calls of SQS that send and delete; receives depend on the time. */
  sqsCalls: number;
  secretsAndOther: number;
  invocations: number;
  logBytes: number;
}

/**
 * Counts on the local stack what the life of an audit costs: a create, a push of Kard that closes it, and a webhook.
 * No poll runs meanwhile.
 */
export async function countCosts(): Promise<CostPerAudit> {
  const receiver = await startBenchReceiver(0);
  const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
  const tracker = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 1_000 },
    hooks: { meterCapacity: createCapacityMeter },
  });
  try {
    await subscribe(tracker.outputs, receiver.url);
    const issuer = issuerOf(tracker.outputs);
    await issuer.file(anAudit(audits));
    const before = measure(tracker.stack);
    for (let number = 0; number < audits; number++) await issuer.file(anAudit(number));
    for (const { id } of kard.sandbox?.audits() ?? []) {
      kard.sandbox?.closeAudit(id);
      await sleep(pauseMs);
    }
    const giveUpAt = Date.now() + patienceMs;
    let received = 0;
    while (received <= audits && Date.now() < giveUpAt) {
      received += (await receiver.takeReceived()).length;
      await sleep(100);
    }
    if (received <= audits) throw new Error(`${received} of ${audits + 1} webhooks were received`);
    await sleep(1_000);
    const after = measure(tracker.stack);
    return Object.fromEntries(
      Object.entries(after).map(([name, value]) => [name, (value - before[name as keyof CostPerAudit]) / audits]),
    ) as unknown as CostPerAudit;
  } finally {
    await tracker.stop();
    await kard.sandbox?.stop();
    receiver.stop();
  }
}

function anAudit(number: number) {
  return {
    ...{ userId: "user-1", transactionId: `txn-${number}`, auditCode: 3006, merchantName: "Caribbean Goodness" },
    ...{ auditDescription: "cashback never posted", preferredContactEmail: "someone@bank.example" },
    ...{ transactionAmountInCents: 2_600, submitterName: "R. Osei" },
  };
}

/** Totals so far. */
function measure(stack: LocalStack): CostPerAudit {
  const usage = stack.usage().filter(({ caller }) => caller !== "operator");
  const sum = (of: (one: (typeof usage)[number]) => number) => usage.reduce((total, one) => total + of(one), 0);
  const isSqs = ({ service, action }: (typeof usage)[number]) => service === "sqs" && action !== "ReceiveMessage";
  return {
    writeUnits: sum(({ writeUnits }) => writeUnits),
    readUnits: sum(({ readUnits }) => readUnits),
    sqsCalls: sum((one) => (isSqs(one) ? one.calls : 0)),
    secretsAndOther: sum(({ service, calls }) => (service === "sqs" || service === "dynamodb" ? 0 : calls)),
    invocations: new Set(stack.logs.map(({ requestId }) => requestId)).size,
    logBytes: stack.logs.reduce((bytes, { line }) => bytes + Buffer.byteLength(line), 0),
  };
}
