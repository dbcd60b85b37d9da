import { benchGrowth, type GrowthStep } from "../growth/growth.ts";
import { type Operation, operations } from "../growth/measure-operations.ts";
import type { Benchmark } from "../report/benchmark.ts";
import { lineChart } from "../report/line-chart.ts";

interface Result {
  steps: GrowthStep[];
  /** The median time with the most audits by that with the fewest, for each operation. */
  growth: Record<Operation, number>;
}

const english = (value: number) => value.toLocaleString("en");

export const growth: Benchmark<Result> = {
  name: "growth",

  async run({ progress, audits }) {
    const steps = await benchGrowth(progress, audits);
    const ofAll = operations.map((operation) => [
      operation,
      ratioOf(steps, (step) => step.operations[operation].p50ms),
    ]);
    return { steps, growth: Object.fromEntries(ofAll) };
  },

  describe({ steps }) {
    const [least, most] = [steps.at(0), steps.at(-1)];
    return {
      about:
        "The same operations through the local stack, with more and more stored audits of one issuer, a tenth of them " +
        "open. The audits are written straight into the store of the embedded table, as the product would have stored " +
        "them. An idle tick is one with no audit due. `stats` has been asked for before, so it shows the last count of " +
        "open audits if they are more than 2,000.",
      figures: operations.map((operation) => ({
        what: `${operation}, p50 and AWS calls, with ${english(most?.audits ?? 0)} audits`,
        result: shown(most, operation),
        comparedTo:
          `${english(least?.audits ?? 0)} audits: ${shown(least, operation)}; ` +
          `${ratioOf(steps, (step) => step.operations[operation].p50ms).toFixed(2)} times as long`,
      })),
      meaning: "An operation that takes 1 time as long costs the same however many audits are stored.",
    };
  },

  plot({ steps }) {
    const title = "Median time of an operation by stored audits";
    return {
      file: "growth.svg",
      alt: `${title}: ${operations.join(", ")}, from ${english(steps.at(0)?.audits ?? 0)} to ${english(steps.at(-1)?.audits ?? 0)}`,
      svg: lineChart({
        ...{ title, xLabel: "stored audits, a tenth of them open", yLabel: "milliseconds" },
        x: steps.map(({ audits }) => audits),
        series: operations.map((name) => ({ name, values: steps.map((step) => step.operations[name].p50ms) })),
      }),
    };
  },
};

function shown(step: GrowthStep | undefined, operation: Operation): string {
  const { p50ms = Number.NaN, awsCalls = Number.NaN } = step?.operations[operation] ?? {};
  return `${p50ms.toFixed(1)} ms, ${awsCalls}`;
}

function ratioOf(steps: readonly GrowthStep[], of: (step: GrowthStep) => number): number {
  const [least, most] = [steps.at(0), steps.at(-1)];
  return least === undefined || most === undefined ? Number.NaN : of(most) / of(least);
}
