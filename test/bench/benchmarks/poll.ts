import { benchPoll, type PollResult } from "../poll.ts";
import { countReadsADay } from "../polling/poll-reads.ts";
import { figuresOfScale, summarize } from "../polling/poll-report.ts";
import { benchScale } from "../polling/poll-scale.ts";
import { type LatencyRatios, latenciesMs, ratiosOf } from "../ratios.ts";
import type { Benchmark } from "../report/benchmark.ts";

type Result = LatencyRatios & { writesPerUnchangedAudit: number; rounds: PollResult[] } & ReturnType<typeof summarize>;

export const poll: Benchmark<Result> = {
  name: "poll",

  async run({ progress }) {
    const rounds: PollResult[] = [];
    for (const latencyMs of latenciesMs) {
      progress(`polling beside a bare loop, Kard answering in ${latencyMs} ms`);
      rounds.push(await benchPoll(latencyMs));
    }
    const writesPerUnchangedAudit = Math.max(...rounds.map((round) => round.writesPerUnchangedAudit));
    const reads = await countReadsADay();
    const scale = summarize(await benchScale(progress), reads);
    return { ...ratiosOf(rounds), writesPerUnchangedAudit, rounds, ...scale };
  },

  describe({ rounds, writesPerUnchangedAudit, scale, readsADay }) {
    return {
      about:
        "The bundled `poll-audits` polls 20,000 due audits that have not changed, beside a bare loop of the same GETs. " +
        "Its table responds at once.",
      figures: [
        ...rounds.map(({ latencyMs, polledMs, bareMs, ratio, cursorWrites, pageReads }) => ({
          what: `Kard responds after ${latencyMs} ms`,
          result: `${polledMs.toFixed(0)} ms, ${pageReads} reads, ${cursorWrites} writes`,
          comparedTo: `bare loop ${bareMs.toFixed(0)} ms: ratio ${ratio.toFixed(2)}`,
        })),
        { what: "writes for an unchanged audit", result: String(writesPerUnchangedAudit) },
        ...figuresOfScale(scale, readsADay),
      ],
      meaning: "The ratio is the speed of polling relative to HTTP calls alone: at 1, the poller costs no time.",
    };
  },
};
