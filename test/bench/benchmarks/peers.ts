import bullmqPackage from "bullmq/package.json" with { type: "json" };
import { benchPeerDeliver, type PeerDeliverResult, type Throughput } from "../peers/deliver.ts";
import { benchPeerPoll, type PeerPollResult } from "../peers/poll.ts";
import { startRedis } from "../peers/redis.ts";
import { latenciesMs } from "../ratios.ts";
import type { Benchmark } from "../report/benchmark.ts";
import { whileRunning } from "../while-running.ts";

interface Result {
  deliver: { ratioToBullMq: Record<string, number>; rounds: PeerDeliverResult[] };
  poll: { ratioToNaive: number } & PeerPollResult;
  versions: { BullMQ: string; Redis: string };
}

const rounded = (value: number) => Number(value.toFixed(3));

export const peers: Benchmark<Result> = {
  name: "peers",

  run: ({ progress }) =>
    whileRunning(async (running) => {
      const redis = await startRedis();
      running.defer(() => redis.stop());
      const rounds: PeerDeliverResult[] = [];
      for (const latencyMs of latenciesMs) {
        progress(`delivering beside BullMQ, the receiver answering in ${latencyMs} ms`);
        rounds.push(await benchPeerDeliver(latencyMs, redis));
      }
      progress("polling beside a poller that stores the next time of each audit");
      const poll = await benchPeerPoll();
      const ratios = rounds.map(({ latencyMs, ratio }) => [`${latencyMs}ms`, rounded(ratio)] as const);
      return {
        deliver: { ratioToBullMq: Object.fromEntries(ratios), rounds },
        poll: { ratioToNaive: rounded(poll.ratio), ...poll },
        versions: { BullMQ: bullmqPackage.version, Redis: redis.version },
      };
    }),

  describe({ deliver, poll, versions }) {
    const speed = ({ perSecond, p50ms, p99ms }: Throughput) =>
      `${perSecond.toFixed(0)}/s, p50 ${p50ms.toFixed(1)} ms, p99 ${p99ms.toFixed(1)} ms`;
    return {
      about:
        "The bundled `deliver-webhooks` empties a queue of 2,000 webhooks, beside BullMQ on Redis: the same receiver, " +
        "signed POSTs, threads and POSTs at once. Each stores every outcome: BullMQ in Redis in memory, the function in " +
        "its table. Table and queue of the function are stubs that respond at once, and the calls that Lambda makes of " +
        "SQS are included. Then the bundled `poll-audits` polls 5,000 due audits, beside a poller that reads audits by a " +
        "stored next time and writes the next time of each.",
      figures: [
        ...deliver.rounds.map(({ latencyMs, ours, bullmq, ratio }) => ({
          what: `webhooks, receiver responds after ${latencyMs} ms`,
          result: speed(ours),
          comparedTo: `BullMQ ${speed(bullmq)}: ratio ${ratio.toFixed(2)}`,
        })),
        {
          what: "polls, Kard responds at once",
          result: `${poll.polledMs.toFixed(0)} ms, ${poll.writes.ours} writes`,
          comparedTo: `naive poller ${poll.naiveMs.toFixed(0)} ms, ${poll.writes.naive} writes: ratio ${poll.ratio.toFixed(2)}`,
        },
      ],
      meaning:
        "The ratio is the throughput relative to the peer: above 1, the tracker is faster. A time is from the start of " +
        "a delivery to its stored outcome; the function stores the outcomes of ten together.",
      peers: versions,
    };
  },
};
