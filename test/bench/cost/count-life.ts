import { setTimeout as sleep } from "node:timers/promises";
import { issuerOf } from "../../../infra/local/demo/issuer.ts";
import { startLocalSandbox } from "../../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../../infra/local/local-tracker.ts";
import type { LocalStack } from "../../../infra/local/runner/local-stack-type.ts";
import { createCapacityMeter } from "../../support/stack-instruments/capacity-meter.ts";
import { startBenchReceiver } from "../servers/webhook-receiver.ts";
import { subscribe } from "../subscribe.ts";

const audits = 200;
const polls = 30;
const webhooks = 2;
const idleTicks = 10;
/** How long Kard and the receivers take to respond, in milliseconds. */
const latencyMs = 200;
const pauseMs = 50;
/** The local plan polls every second in the first minute. */
const betweenPollsMs = 1_100;
const patienceMs = 120_000;
const organizationId = "bench";

/** What AWS charges for. */
export interface Consumption {
  writeUnits: number;
  readUnits: number;
  /** Calls of SQS that send and delete. Receives depend on the time. */
  sqsCalls: number;
  apiRequests: number;
  invocations: number;
  /** Times of the functions without cold starts, in milliseconds. */
  lambdaMs: number;
  /** Bytes that the functions log. */
  logBytes: number;
}

/** What an audit consumes in each part of its life, and what a tick without work consumes. */
export interface CountedLife {
  phases: Record<"filed" | "started" | "polled" | "closed", Consumption>;
  idleTick: Consumption;
  /** The polls of an audit. */
  polls: number;
  /** An audit's share of the ticks that polled it. */
  ticksPerAudit: number;
}

type Tracker = Awaited<ReturnType<typeof startLocalTracker>>;
type Sandbox = NonNullable<Awaited<ReturnType<typeof startLocalSandbox>>["sandbox"]>;

/**
 * Counts on the local stack what the life of an audit consumes: a create, Kard's push when it starts, 30 polls without
 * a change, and Kard's push when it is closed, with two webhooks. Kard and the receivers respond after 200 ms.
 */
export async function countLife(progress: (line: string) => void): Promise<CountedLife> {
  const receivers = await Promise.all(Array.from({ length: webhooks }, () => startBenchReceiver(latencyMs)));
  const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
  const { sandbox } = kard;
  if (sandbox === undefined) throw new Error("the sandbox did not start");
  const ran = { invocations: 0, lambdaMs: 0, logBytes: 0 };
  const tracker = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 1_000 },
    hooks: {
      meterCapacity: createCapacityMeter,
      onInvocation(_, ms) {
        ran.invocations += 1;
        ran.lambdaMs += ms;
      },
    },
    onLog({ line }) {
      ran.logBytes += Buffer.byteLength(line);
    },
  });
  try {
    for (const { url } of receivers) await subscribe(tracker.outputs, url);
    await warmUp(tracker, sandbox);
    sandbox.configure({ latencyMs });
    const count = async (shares: number, apiRequests: number, work: () => Promise<unknown>): Promise<Consumption> => {
      const before = { ...totals(tracker.stack), ...ran };
      await work();
      await settle(() => ran.invocations);
      const after = { ...totals(tracker.stack), ...ran };
      const names = Object.keys(after) as (keyof typeof after)[];
      const each = names.map((name) => [name, (after[name] - before[name]) / shares]);
      return { ...(Object.fromEntries(each) as typeof after), apiRequests };
    };
    progress(`${idleTicks} ticks without work`);
    const idleTick = await count(idleTicks, 0, () => ticks(tracker, idleTicks));
    progress(`${audits} audits are filed`);
    const filed = await count(audits, 1, () => file(tracker, audits));
    progress("Kard pushes that they have started");
    const ids = sandbox.audits().map(({ id }) => id);
    const started = await count(audits, 1, () => paced(ids, (id) => sandbox.startAudit(id)));
    progress(`${polls} polls of each`);
    const pollsBefore = sandbox.requests().status ?? 0;
    const polled = await count(audits, 0, () => ticks(tracker, polls));
    const pollsOfEach = ((sandbox.requests().status ?? 0) - pollsBefore) / audits;
    progress("Kard closes them, and the webhooks arrive");
    const closed = await count(audits, 1, async () => {
      await paced(ids, (id) => sandbox.closeAudit(id));
      await Promise.all(receivers.map((receiver) => untilReceived(receiver, audits)));
    });
    return { phases: { filed, started, polled, closed }, idleTick, polls: pollsOfEach, ticksPerAudit: polls / audits };
  } finally {
    await tracker.stop();
    await sandbox.stop();
    for (const receiver of receivers) receiver.stop();
  }
}

/** The first calls read secrets, subscriptions and keys into caches, and start the functions. */
async function warmUp(tracker: Tracker, sandbox: Sandbox): Promise<void> {
  await file(tracker, 1, "warm-up");
  await tracker.stack.tick();
  for (const { id } of sandbox.audits()) sandbox.closeAudit(id);
  await sleep(2_000);
  await tracker.stack.tick();
}

async function file({ outputs }: Tracker, count: number, prefix = "txn"): Promise<void> {
  const issuer = issuerOf(outputs);
  for (let number = 0; number < count; number++) await issuer.file(anAudit(`${prefix}-${number}`));
}

async function ticks({ stack }: Tracker, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const next = sleep(betweenPollsMs);
    await stack.tick();
    await next;
  }
}

async function paced(ids: readonly string[], work: (id: string) => unknown): Promise<void> {
  for (const id of ids) {
    work(id);
    await sleep(pauseMs);
  }
}

/** Waits until no function has been invoked for two seconds. */
async function settle(invocations: () => number): Promise<void> {
  for (let seen = -1; seen !== invocations(); await sleep(2_000)) seen = invocations();
}

async function untilReceived(
  receiver: { takeReceived(): Promise<readonly number[]> },
  expected: number,
): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  let received = 0;
  for (; received < expected && Date.now() < giveUpAt; await sleep(100))
    received += (await receiver.takeReceived()).length;
  if (received < expected) throw new Error(`${received} of ${expected} webhooks were received`);
}

function anAudit(transactionId: string) {
  return {
    ...{ userId: "user-1", transactionId, auditCode: 3006, merchantName: "Caribbean Goodness" },
    ...{ auditDescription: "cashback never posted", preferredContactEmail: "someone@bank.example" },
    ...{ transactionAmountInCents: 2_600, submitterName: "R. Osei" },
  };
}

/** Totals of the functions' AWS calls so far. */
function totals(stack: LocalStack) {
  const usage = stack.usage().filter(({ caller }) => caller !== "operator");
  const sum = (of: (one: (typeof usage)[number]) => number) => usage.reduce((total, one) => total + of(one), 0);
  return {
    writeUnits: sum(({ writeUnits }) => writeUnits),
    readUnits: sum(({ readUnits }) => readUnits),
    sqsCalls: sum(({ service, action, calls }) => (service === "sqs" && action !== "ReceiveMessage" ? calls : 0)),
  };
}
