import { percentile } from "../../../infra/local/demo/journeys.ts";
import { aSubscription } from "../../support/sample-audits.ts";
import { firstDeliveries } from "../delivering/first-deliveries.ts";
import { measureRounds, middleOf } from "../median-round.ts";
import { type BenchReceiver, startBenchReceiver } from "../servers/webhook-receiver.ts";
import { whileRunning } from "../while-running.ts";
import { startBullmq } from "./bullmq.ts";
import type { DeliveredRound } from "./delivered-round.ts";
import { startQueueFunction } from "./queue-function.ts";
import type { Redis } from "./redis.ts";

const webhooks = 2_000;
const rounds = { warmUp: 4, measured: 11 };

/** How fast one side delivers. Times are from the start of a delivery to its stored outcome. */
export interface Throughput {
  perSecond: number;
  p50ms: number;
  p99ms: number;
}

export interface PeerDeliverResult {
  latencyMs: number;
  ours: Throughput;
  bullmq: Throughput;
  /** Our throughput by BullMQ's, in the median round. */
  ratio: number;
}

/**
 * Delivers the same webhooks from a queue with the bundled function and with BullMQ, in the same run: to the same
 * receiver, with the same signature, with as many threads and POSTs at once.
 */
export function benchPeerDeliver(latencyMs: number, redis: Redis): Promise<PeerDeliverResult> {
  return whileRunning((running) => measure(latencyMs, redis, running));
}

async function measure(latencyMs: number, redis: Redis, running: AsyncDisposableStack): Promise<PeerDeliverResult> {
  const receiver = await startBenchReceiver(latencyMs);
  running.defer(() => receiver.stop());
  const subscription = aSubscription({ webhookUrl: receiver.url });
  const deliveries = firstDeliveries(subscription, webhooks);
  const secret = subscription.secrets[0]?.secret ?? "";
  const ours = await startQueueFunction(subscription, deliveries);
  running.defer(() => ours.stop());
  const bullmq = await startBullmq({ redis, url: receiver.url, secret, deliveries });
  running.defer(() => bullmq.stop());

  const measured = await measureRounds(
    latencyMs,
    async () => {
      const peer = await bullmq.round();
      await checkReceived(receiver);
      const own = await ours.round(() => receiver.takeReceived());
      await checkReceived(receiver);
      return { own, peer, ratio: peer.ms / own.ms };
    },
    rounds,
  );
  return {
    ...{ latencyMs, ratio: middleOf(measured).ratio },
    ours: throughputOf(measured.map(({ own }) => own)),
    bullmq: throughputOf(measured.map(({ peer }) => peer)),
  };
}

function throughputOf(delivered: readonly DeliveredRound[]): Throughput {
  const eachMs = delivered.flatMap((round) => round.eachMs);
  const ms = percentile(
    delivered.map((round) => round.ms),
    0.5,
  );
  return {
    perSecond: (1_000 * webhooks) / ms,
    ...{ p50ms: percentile(eachMs, 0.5), p99ms: percentile(eachMs, 0.99) },
  };
}

async function checkReceived(receiver: BenchReceiver): Promise<void> {
  const { length } = await receiver.takeReceived();
  if (length !== webhooks) throw new Error(`${length} of ${webhooks} webhooks were received`);
}
