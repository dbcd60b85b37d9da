import type { CpuByPart } from "../end-to-end/cpu-meter.ts";
import {
  benchEndToEnd,
  type Closed,
  closedPerSecond,
  type EndToEndResult,
  pollGapMs,
} from "../end-to-end/end-to-end.ts";
import type { Benchmark, Description } from "../report/benchmark.ts";

const defaultAudits = 10_000;

export const endToEnd: Benchmark<EndToEndResult> = {
  name: "end-to-end",

  run: ({ progress, audits = defaultAudits }) => benchEndToEnd(progress, audits),

  describe({ audits, filed, byPoll, byPush }) {
    return {
      about:
        `${audits.toLocaleString("en")} audits are filed on the local stack, with a webhook. Then Kard closes some of ` +
        `them in random order, ${closedPerSecond} a second on average: first ${byPoll.audits} that are found by polls of ` +
        `all open audits every ${pollGapMs / 1_000} s, then ${byPush.audits} with a push.`,
      figures: [
        ...closedFigures(`by polls every ${pollGapMs / 1_000} s`, byPoll),
        ...closedFigures("by push", byPush),
        { what: "filed", result: `${filed.perSecond.toFixed(0)} a second` },
        ...cpuFigures("to file it", filed.cpuMs),
        ...cpuFigures("to close it by push", byPush.cpuMs),
        ...cpuFigures("to close it by polls, with the polls of the others", byPoll.cpuMs),
      ],
      meaning:
        "By push, a resolution arrives after the time of the functions alone; by polls, after half the polls' interval " +
        "on average. Everything runs on one machine, so the emulators of AWS compete with the functions.",
    };
  },
};

function closedFigures(how: string, { toQueue, toWebhook }: Closed): Description["figures"] {
  const shown = ({ p50ms, p99ms }: Closed["toQueue"]) => `${p50ms.toFixed(0)} ms, ${p99ms.toFixed(0)} ms`;
  return [
    { what: `Kard's closing to the queue, ${how}, p50 and p99`, result: shown(toQueue) },
    { what: `Kard's closing to the webhook, ${how}, p50 and p99`, result: shown(toWebhook) },
  ];
}

/** The CPU time of the functions and of the other processes. */
function cpuFigures(what: string, cpuMs: CpuByPart): Description["figures"] {
  const parts = Object.entries(cpuMs).map(([part, ms]) => [part, ms.toFixed(1)] as const);
  const used = parts.filter(([, ms]) => ms !== "0.0").map(([part, ms]) => `${part} ${ms}`);
  return [{ what: `CPU time of an audit ${what}, in ms`, result: used.join("; ") }];
}
