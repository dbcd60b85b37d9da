import { benchPoll } from "./poll.ts";

const benchmarks = {
  async poll() {
    const results = [await benchPoll(0), await benchPoll(50)];
    for (const { latencyMs, bareMs, polledMs, ratio } of results) {
      console.log(
        `${latencyMs} ms latency: bare loop ${bareMs.toFixed(0)} ms, poll-audits ${polledMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
      );
    }
    return results;
  },
};

console.log(JSON.stringify(await benchmarks.poll()));
