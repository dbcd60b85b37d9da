import { parseArgs } from "node:util";
import { benchColdStart } from "./cold-start/cold-start.ts";
import { benchConsole } from "./console.ts";
import { benchCost, describeCost } from "./cost/cost.ts";
import { benchDeliver } from "./deliver.ts";
import { benchLatency } from "./delivery-latency.ts";
import { benchIsolation } from "./isolation-report.ts";
import { benchLists } from "./lists.ts";
import { dominating, simulatePlans } from "./plan/simulate-plans.ts";
import { benchPoll } from "./poll.ts";
import { countReadsADay } from "./polling/poll-reads.ts";
import { describeReads, describeScale, summarize } from "./polling/poll-report.ts";
import { benchScale } from "./polling/poll-scale.ts";
import { benchSubmit } from "./submit.ts";

const usage = "npm run bench -- poll|deliver|isolation|cold-start|console|cost|lists|plan|submit [--json]";

const progress = (line: string) => console.log(`… ${line}`);

/** Each benchmark prints its results, and returns the value for `--json`. */
const benchmarks = {
  async poll() {
    console.log("poll-audits is invoked over 20,000 due audits that have not changed; its table answers at once.");
    const results = [];
    for (const latencyMs of [0, 50]) {
      progress(`polling beside a bare loop, Kard answering in ${latencyMs} ms`);
      results.push(await benchPoll(latencyMs));
    }
    for (const { latencyMs, bareMs, polledMs, ratio, cursorWrites, pageReads } of results) {
      console.log(
        `${latencyMs} ms latency: bare loop ${bareMs.toFixed(0)} ms, poll-audits ${polledMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)}; ` +
          `${cursorWrites} writes of leases and cursors and ${pageReads} reads in all`,
      );
    }
    const writesPerUnchangedAudit = Math.max(...results.map((result) => result.writesPerUnchangedAudit));
    const reads = await countReadsADay();
    console.log(describeReads(reads));
    const scale = await benchScale(progress);
    for (const line of describeScale(scale)) console.log(line);
    return { ...ratiosOf(results), writesPerUnchangedAudit, ...summarize(scale, reads) };
  },

  async deliver() {
    console.log("deliver-webhooks is invoked with batches of 10, without the queue, and its table answers at once.");
    const results = [await benchDeliver(0), await benchDeliver(50)];
    for (const { latencyMs, bareMs, deliveredMs, ratio, ratioToRecording, ...written } of results) {
      console.log(
        `${latencyMs} ms latency: bare loop ${bareMs.toFixed(0)} ms, deliver-webhooks ${deliveredMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)} ` +
          `(${ratioToRecording.toFixed(2)} of a bare loop that writes once a batch, too); ` +
          `${written.itemsWrittenPerWebhook} items written a webhook, ${written.writeRequestsPerBatch} write requests a batch`,
      );
    }
    const { p50ms, p99ms } = await benchLatency();
    console.log(`From an event to its receipt, through the whole local stack: p50 ${p50ms} ms, p99 ${p99ms} ms`);
    const itemsWrittenPerWebhook = Math.max(...results.map((result) => result.itemsWrittenPerWebhook));
    return { ...ratiosOf(results), itemsWrittenPerWebhook, p50ms, p99ms };
  },

  isolation: () => benchIsolation(progress),

  lists: () => benchLists(progress),

  console: () => benchConsole(progress),

  submit: () => benchSubmit(progress),

  async "cold-start"() {
    console.log(
      "Each function's bundle is imported in fresh processes, beside a bare DynamoDB client bundled the same way.",
    );
    const results = await benchColdStart(progress);
    for (const { name, bytes, cpuMs, elapsedMs, ratio } of results) {
      const times = `${cpuMs.toFixed(0)} ms of CPU (${ratio.toFixed(2)} times the bare client), ${elapsedMs.toFixed(0)} ms`;
      console.log(`${name}: ${(bytes / 1_000).toFixed(0)} KB, ${times}`);
    }
    return results;
  },

  async plan() {
    const audits = 10_000_000;
    progress(`simulating ${audits.toLocaleString("en")} audits for each plan, closed without a push`);
    const figures = simulatePlans(audits, 1);
    for (const { closing, plan, pollsPerAudit, ...hours } of figures)
      console.log(
        `${closing}, ${plan}: ${pollsPerAudit.toFixed(1)} polls an audit; found after ${hours.meanHours.toFixed(2)} h ` +
          `in the mean, p50 ${hours.p50Hours.toFixed(2)} h, p99 ${hours.p99Hours.toFixed(2)} h`,
      );
    const better = dominating(figures, "deployed");
    console.log(`plans that are better than the deployed one in every figure: ${better.join(", ") || "none"}`);
    return { figures, better };
  },

  async cost() {
    const cost = await benchCost(progress);
    for (const line of describeCost(cost)) console.log(line);
    return cost;
  },
};

function ratiosOf(results: readonly { latencyMs: number; ratio: number }[]) {
  return Object.fromEntries(
    results.map(({ latencyMs, ratio }) => [`${latencyMs}ms`, { ratio: Number(ratio.toFixed(3)) }]),
  );
}

function isBenchmark(name: string | undefined): name is keyof typeof benchmarks {
  return name !== undefined && Object.hasOwn(benchmarks, name);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
const [name] = positionals;
if (values.help) {
  console.log(usage);
} else if (isBenchmark(name)) {
  const result = await benchmarks[name]();
  if (values.json) console.log(JSON.stringify({ [name]: result }));
} else {
  console.error(usage);
  process.exitCode = 1;
}
