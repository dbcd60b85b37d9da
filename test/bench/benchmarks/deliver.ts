import { benchDeliver, type DeliverResult } from "../deliver.ts";
import { benchLatency } from "../delivery-latency.ts";
import { type LatencyRatios, latenciesMs, ratiosOf } from "../ratios.ts";
import type { Benchmark } from "../report/benchmark.ts";

type Result = LatencyRatios & {
  itemsWrittenPerWebhook: number;
  p50ms: number;
  p99ms: number;
  rounds: DeliverResult[];
};

export const deliver: Benchmark<Result> = {
  name: "deliver",

  async run({ progress }) {
    const rounds: DeliverResult[] = [];
    for (const latencyMs of latenciesMs) {
      progress(`delivering beside a bare loop, the receiver answering in ${latencyMs} ms`);
      rounds.push(await benchDeliver(latencyMs));
    }
    progress("delivering through the local stack");
    const latency = await benchLatency();
    const itemsWrittenPerWebhook = Math.max(...rounds.map((round) => round.itemsWrittenPerWebhook));
    return { ...ratiosOf(rounds), itemsWrittenPerWebhook, ...latency, rounds };
  },

  describe({ rounds, p50ms, p99ms }) {
    return {
      about:
        "The bundled `deliver-webhooks` delivers 5,000 webhooks in batches of ten, beside bare loops of the same signed " +
        "POSTs. Its table responds at once, and there is no queue.",
      figures: [
        ...rounds.flatMap(({ latencyMs, deliveredMs, bareMs, ratio, ratioToRecording, ...written }) => [
          {
            what: `receiver responds after ${latencyMs} ms`,
            result: `${deliveredMs.toFixed(0)} ms`,
            comparedTo:
              `bare loop ${bareMs.toFixed(0)} ms: ratio ${ratio.toFixed(2)}; ` +
              `with a write for ten POSTs: ratio ${ratioToRecording.toFixed(2)}`,
          },
          {
            what: "the same: items written for a webhook, and write requests for ten",
            result: `${written.itemsWrittenPerWebhook}, ${written.writeRequestsPerBatch}`,
          },
        ]),
        { what: "Kard's push to receipt, through the local stack, p50 and p99", result: `${p50ms} ms, ${p99ms} ms` },
      ],
      meaning: "The ratio is the speed of delivering relative to signed POSTs alone: at 1, everything else is free.",
    };
  },
};
