import { type PollPlan, pollTime, pollTimes } from "../../../functions/core/tracking/poll-plan.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { plans } from "./plans.ts";

const hour = 3_600_000;
const day = 24 * hour;
const horizon = 90 * day;

/** When Kard closes an audit, in milliseconds after it has accepted it. Nobody has published Kard's times. */
const closings: Record<string, (random: () => number) => number> = {
  "half within a day": (random) => (random() < 0.5 ? random() * day : day + random() * 29 * day),
  "about a week": (random) => 7 * day * Math.exp(normal(random)),
  "evenly over 90 days": (random) => random() * horizon,
};

/** What a plan takes and brings. Delays are in hours between Kard's closing and the poll that finds it. */
export interface PlanFigures {
  closing: string;
  plan: string;
  pollsPerAudit: number;
  meanHours: number;
  p50Hours: number;
  p99Hours: number;
}

/**
 * Simulates each plan for audits that Kard closes within 90 days without a push.
 *
 * @param audits how many in all, for each plan
 */
export function simulatePlans(audits: number, seed: number): PlanFigures[] {
  const each = Math.floor(audits / Object.keys(closings).length);
  return Object.entries(closings).flatMap(([closing, closesAfter]) =>
    Object.entries(plans).map(([name, plan]) => ({ closing, plan: name, ...simulate(plan, each, closesAfter, seed) })),
  );
}

function simulate(plan: PollPlan, audits: number, closesAfter: (random: () => number) => number, seed: number) {
  const random = seededRandom(seed);
  const delays = new Float64Array(audits);
  let polls = 0;
  for (let index = 0; index < audits; index++) {
    const acceptedAt = Math.floor(random() * day);
    const closedAt = acceptedAt + Math.floor(Math.min(closesAfter(random), horizon));
    const { next } = pollTimes(plan, acceptedAt, closedAt);
    polls += pollsUntil(plan, acceptedAt, next);
    delays[index] = (next - closedAt) / hour;
  }
  delays.sort();
  const at = (share: number) => delays[Math.floor(share * (audits - 1))] ?? 0;
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / audits;
  return { pollsPerAudit: polls / audits, meanHours: mean, p50Hours: at(0.5), p99Hours: at(0.99) };
}

/** The polls of an audit up to a time, inclusive. */
function pollsUntil({ bands }: PollPlan, acceptedAt: number, until: number): number {
  let polls = 0;
  for (const band of bands) {
    const steps = band.to === null ? Number.POSITIVE_INFINITY : (band.to - band.from) / band.gap;
    let step = Math.min(steps, Math.floor((until - acceptedAt - band.from) / band.gap));
    // Rounding up moves a poll by less than one resolution.
    while (step >= 0 && pollTime(band, acceptedAt, band.from + step * band.gap) > until) step--;
    polls += step + 1;
  }
  return polls;
}

/** A standard normal number (Box–Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The plans that take no more polls and bring no longer delays than another, whenever Kard closes audits. */
export function dominating(figures: readonly PlanFigures[], plan: string): string[] {
  const of = (name: string) => figures.filter((each) => each.plan === name);
  const names = ["pollsPerAudit", "meanHours", "p50Hours", "p99Hours"] as const;
  return Object.keys(plans).filter(
    (other) =>
      other !== plan &&
      of(other).every((one, index) => names.every((name) => one[name] <= (of(plan)[index]?.[name] ?? 0))),
  );
}
