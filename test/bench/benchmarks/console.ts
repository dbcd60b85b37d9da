import { benchConsole } from "../console.ts";
import type { Benchmark } from "../report/benchmark.ts";

export const console: Benchmark<Awaited<ReturnType<typeof benchConsole>>> = {
  name: "console",

  run: ({ progress }) => benchConsole(progress),

  describe({ count, list, emptyPage }) {
    return {
      about: `Keys and turns of the wheel in the console's list of ${count.toLocaleString("en")} disputes in Chromium, beside an empty page.`,
      figures: [
        {
          what: "slowest interaction",
          result: `${list.slowestMs} ms`,
          comparedTo: `empty page ${emptyPage.slowestMs} ms`,
        },
        {
          what: "tasks of more than 50 ms",
          result: String(list.longTasks),
          comparedTo: `empty page ${emptyPage.longTasks}`,
        },
        {
          what: "CPU time of the main thread for each key or turn",
          result: `${list.workMs} ms`,
          comparedTo: `empty page ${emptyPage.workMs} ms`,
        },
      ],
      meaning: "What exceeds the empty page is the list's own work; up to 200 ms for an interaction count as good.",
    };
  },
};
