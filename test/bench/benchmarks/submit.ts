import type { Benchmark } from "../report/benchmark.ts";
import { benchCommand } from "../submit/command.ts";
import { benchHandler, type HandlerResult } from "../submit/handler.ts";
import { countWriteUnits } from "../submit/write-units.ts";

export interface SubmitResult extends HandlerResult {
  writeUnitsPerAudit: number;
  command: Awaited<ReturnType<typeof benchCommand>>;
}

export const submit: Benchmark<SubmitResult> = {
  name: "submit",

  async run({ progress }) {
    const handler = await benchHandler(progress);
    progress("counting write units on the local stack");
    const writeUnitsPerAudit = await countWriteUnits();
    return { ...handler, writeUnitsPerAudit, command: await benchCommand(progress) };
  },

  describe({ bare, command, ...ours }) {
    const ms = (value: number) => `${value.toFixed(2)} ms`;
    return {
      about:
        "Creates of one audit through the bundled `audits-api`, beside a bare handler that makes the same calls of the " +
        "same servers. Kard and the table respond at once. Then the command `submit` with a file, beside a loop of the " +
        "same requests, each answered after 50 ms.",
      figures: [
        {
          what: "creates per second, by two environments",
          result: ours.requestsPerSecond.toFixed(0),
          comparedTo: `bare handler ${bare.requestsPerSecond.toFixed(0)}: ratio ${ours.ratio.toFixed(2)}`,
        },
        {
          what: "time of a create, p50 and p99",
          result: `${ms(ours.p50ms)}, ${ms(ours.p99ms)}`,
          comparedTo: `bare handler ${ms(bare.p50ms)}, ${ms(bare.p99ms)}`,
        },
        {
          what: "CPU time of a create in the function, without the servers",
          result: ms(ours.cpuMs),
          comparedTo: `bare handler ${ms(bare.cpuMs)}: ratio ${ours.cpuRatio.toFixed(2)}`,
        },
        {
          what: "AWS calls of a create",
          result: Object.entries(ours.awsCalls)
            .map(([action, count]) => `${count} ${action}`)
            .join(", "),
          comparedTo: "bare handler: the same",
        },
        { what: "write units of a create", result: ours.writeUnitsPerAudit.toFixed(1) },
        {
          what: `\`submit\` with ${command.lines} lines`,
          result: `${command.seconds.toFixed(1)} s`,
          comparedTo: `bare loop ${command.bareSeconds.toFixed(1)} s: ${command.ratio.toFixed(2)} times as long`,
        },
        {
          what: "the same, killed twice and started again",
          result: `${command.secondsWithKills.toFixed(1)} s, ${command.requestsWithKills} requests`,
        },
      ],
      meaning:
        `A create costs ${(1 / ours.ratio).toFixed(1)} times what its calls alone cost; the rest is authentication, ` +
        "checking, idempotency and logging.",
    };
  },
};
