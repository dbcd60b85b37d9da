import { deployedPlan } from "../../../infra/config/stage-defaults.ts";
import type { Description } from "../report/benchmark.ts";
import { alternatives } from "./alternatives.ts";
import { type Consumption, type CountedLife, countLife } from "./count-life.ts";
import { priceOf, prices, receivesPerClosed, type Service } from "./prices.ts";

const million = 1_000_000;
const minutesPerMonth = 30 * 24 * 60;

export interface Cost {
  usdPerMillion: number;
  byService: Record<Service, number>;
  byPhase: Record<keyof CountedLife["phases"], number>;
  /** Counted for each audit. */
  counted: Record<keyof CountedLife["phases"], Consumption>;
  pollsPerAudit: number;
  alternatives: Record<string, number>;
  /** DynamoDB, Lambda, logs and schedules of two ticks a minute without work. */
  idleTicksUsdPerMonth: number;
}

/** Counts the life of an audit, and multiplies it by AWS's prices. */
export async function benchCost(progress: (line: string) => void): Promise<Cost> {
  const life = await countLife(progress);
  const phases = { ...life.phases, polled: withoutIdle(life) };
  phases.closed = { ...phases.closed, sqsCalls: phases.closed.sqsCalls + receivesPerClosed };
  const priced = Object.entries(phases).map(([phase, each]) => [phase, priceOf(each, million)] as const);
  const byService = priced.reduce((sum, [, by]) => addTo(sum, by), { dynamodb: 0, lambda: 0, sqs: 0, api: 0, logs: 0 });
  const byPhase = Object.fromEntries(priced.map(([phase, by]) => [phase, total(by)])) as Cost["byPhase"];
  const idle = total(priceOf(life.idleTick, minutesPerMonth)) + 2 * minutesPerMonth * prices.scheduledInvocation;
  return {
    usdPerMillion: total(byService),
    ...{ byService, byPhase, counted: phases, pollsPerAudit: life.polls },
    alternatives: alternatives(phases.polled, life.polls, deployedPlan),
    idleTicksUsdPerMonth: idle,
  };
}

/** The polls without what a tick costs anyway. */
function withoutIdle({ phases: { polled }, idleTick, ticksPerAudit }: CountedLife): Consumption {
  const names = Object.keys(polled) as (keyof Consumption)[];
  const left = names.map((name) => [name, Math.max(polled[name] - idleTick[name] * ticksPerAudit, 0)]);
  return Object.fromEntries(left) as unknown as Consumption;
}

function addTo(sum: Record<Service, number>, by: Record<Service, number>): Record<Service, number> {
  const services = Object.keys(sum) as Service[];
  return Object.fromEntries(services.map((name) => [name, sum[name] + by[name]])) as Record<Service, number>;
}

function total(by: Record<Service, number>): number {
  return Object.values(by).reduce((sum, usd) => sum + usd, 0);
}

/** What is counted for each audit, and its price. */
export function figuresOfCost({ usdPerMillion, byService, byPhase, counted, ...rest }: Cost): Description["figures"] {
  const usd = (amount: number) => `$${amount.toFixed(2)}`;
  return [
    ...Object.entries(counted).map(([phase, each]) => ({
      what: `an audit is ${phase}`,
      result: entries({ ...each }, (value) => value.toFixed(2)),
    })),
    {
      what: `a million audits, ${rest.pollsPerAudit.toFixed(1)} polls and two webhooks each`,
      result: `${usd(usdPerMillion)} (${entries(byService, usd)})`,
    },
    { what: "the same by phase", result: entries(byPhase, usd) },
    {
      what: "the polls of a million audits",
      result: usd(rest.alternatives.here ?? Number.NaN),
      comparedTo: entries(rest.alternatives, usd),
    },
    { what: "two ticks a minute without work", result: `${usd(rest.idleTicksUsdPerMonth)} a month` },
  ];
}

function entries(values: Record<string, number>, show: (value: number) => string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${show(value)}`)
    .join(", ");
}
