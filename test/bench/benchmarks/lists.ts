import { benchLists } from "../lists.ts";
import type { Benchmark } from "../report/benchmark.ts";

export const lists: Benchmark<Awaited<ReturnType<typeof benchLists>>> = {
  name: "lists",

  run: ({ progress }) => benchLists(progress),

  describe({ readsPerPage, statsReads, extraWriteUnitsPerAudit, ...grown }) {
    const growth = grown["growth100k/1k"];
    return {
      about: "Reads of lists and figures over an issuer's 100,000 audits, in a table in memory.",
      figures: [
        ...Object.entries(readsPerPage).map(([name, reads]) => ({
          what: `list \`${name}\`, at most`,
          result: `${reads} reads for a request`,
        })),
        { what: "growth of the lists' reads", result: growth.toFixed(2), comparedTo: "1,000 audits" },
        { what: "figures of counted days", result: `${statsReads} reads` },
        { what: "the indexes for settlement and reference", result: `${extraWriteUnitsPerAudit} write units an audit` },
      ],
      meaning: "At a growth of 1, a page costs the same however many audits are stored.",
    };
  },
};
