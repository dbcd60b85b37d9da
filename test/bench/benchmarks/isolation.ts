import { benchIsolation } from "../isolation-report.ts";
import type { Benchmark } from "../report/benchmark.ts";

export const isolation: Benchmark<Awaited<ReturnType<typeof benchIsolation>>> = {
  name: "isolation",

  run: ({ progress }) => benchIsolation(progress),

  describe({ troubles, callsPerSecondAtKard: { limit, max }, storm }) {
    return {
      about:
        "Two issuers are polled for two hours of virtual time by the deployed plan. Issuer A (2,000 open audits) is in " +
        "trouble, issuer B (200) is healthy.",
      figures: [
        ...troubles.map(({ trouble, share, due, auditsPolled, troubledCalls }) => ({
          what: `trouble: ${trouble}`,
          result: `${(100 * share).toFixed(1)} % of B's ${due} due polls are on time`,
          comparedTo: `${auditsPolled} of B's 200 audits polled, ${troubledCalls} calls for A`,
        })),
        {
          what: `${storm.calls} calls of imports, pushes and polling at once`,
          result: `at most ${max} in a second`,
          comparedTo: `limit ${limit}; ${storm.accepted} audits submitted within their request, ${storm.waiting} later`,
        },
      ],
      meaning: "At 100 %, an issuer in trouble does not delay the others.",
    };
  },
};
