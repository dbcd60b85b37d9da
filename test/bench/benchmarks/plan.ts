import { dominating, type PlanFigures, simulatePlans } from "../plan/simulate-plans.ts";
import type { Benchmark } from "../report/benchmark.ts";

const audits = 10_000_000;

export const plan: Benchmark<{ figures: PlanFigures[]; better: string[] }> = {
  name: "plan",

  async run({ progress }) {
    progress(`simulating ${audits.toLocaleString("en")} audits for each plan, closed without a push`);
    const figures = simulatePlans(audits, 1);
    return { figures, better: dominating(figures, "deployed") };
  },

  describe({ figures, better }) {
    const hours = (value: number) => `${value.toFixed(2)} h`;
    return {
      about: `Poll plans for ${audits.toLocaleString("en")} simulated audits that Kard closes without a push, with a seed.`,
      figures: [
        ...figures.map(({ closing, plan: name, pollsPerAudit, meanHours, p50Hours, p99Hours }) => ({
          what: `${closing}, plan: ${name}`,
          result: `${pollsPerAudit.toFixed(1)} polls, found after ${hours(meanHours)} in the mean`,
          comparedTo: `p50 ${hours(p50Hours)}, p99 ${hours(p99Hours)}`,
        })),
        { what: "plans that are better than the deployed one in every figure", result: better.join(", ") || "none" },
      ],
      meaning: "A plan trades polls for the time from Kard's closing to the poll that finds it.",
    };
  },
};
