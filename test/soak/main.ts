import { parseArgs } from "node:util";
import type { Percentiles } from "./measures.ts";
import { type Soaked, soak, sum } from "./soak.ts";

const usage = `npm run soak -- [--minutes N] [--per-second N] [--patience MINUTES] [--json]

  --minutes N         how long the load is held (3)
  --per-second N      audits filed a second (2)
  --patience MINUTES  how long all may take to arrive after that (60): a webhook refused twice waits
                      for five minutes, one refused three times for half an hour
  --json              ends with a line for programs`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    "per-second": { type: "string", default: "2" },
    patience: { type: "string", default: "60" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});

function describe(result: Soaked): string[] {
  const { undelivered, memory, closeToReceipt } = result;
  const row = (what: string, { p50, p90, p99 }: Percentiles) =>
    [what.padEnd(34), ...[p50, p90, p99].map((ms) => ms.toLocaleString("en").padStart(9))].join("");
  return [
    `${result.audits} audits in ${result.minutes} minutes; ${result.repeated} requests were repeated, ` +
      `${result.refused} webhooks refused; all was up again for ${result.healedInSeconds} s at the end`,
    `${"milliseconds".padEnd(34)}      p50      p90      p99`,
    row("submitted → resolution", result.submitToResolution),
    row("closed at Kard → resolution", result.closeToResolution),
    row("closed at Kard → healthy webhook", closeToReceipt.healthy),
    row("closed at Kard → flapping webhook", closeToReceipt.flapping),
    `memory: ${memory.firstThird} MB in the first third, ${memory.lastThird} MB in the last, ${memory.most} MB at most; ` +
      `${result.storedMegabytes} MB of data are stored`,
    `undelivered: ${undelivered.resolutions} resolutions, ${undelivered.healthy} webhooks to the healthy ` +
      `and ${undelivered.flapping} to the flapping subscriber; ${result.superfluousAtKard} duplicate audits at Kard`,
  ];
}

const [minutes, perSecond, patience] = [values.minutes, values["per-second"], values.patience].map(Number);
if (values.help) console.log(usage);
else if (!(minutes && minutes > 0 && perSecond && perSecond > 0 && patience && patience > 0)) {
  console.error(usage);
  process.exitCode = 1;
} else {
  console.log("The local stack starts; Kard and one of two subscribers will flap.");
  const result = await soak({ minutes, perSecond, patience }, (line) => console.log(`… ${line}`));
  for (const line of describe(result)) console.log(line);
  if (values.json) console.log(JSON.stringify({ soak: result }));
  if (sum(result.undelivered) + Math.abs(result.superfluousAtKard) > 0) process.exitCode = 1;
}
