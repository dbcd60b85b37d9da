import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import type { Consumption } from "./count-life.ts";
import { priceOf, prices } from "./prices.ts";

const million = 1_000_000;
/** A scan reads the audit's item and its other rows: 2 KB are assumed, eventually consistent. */
const itemReadUnits = 0.25;
/** A write of an item of up to 1 KB. An index on the due time gets a deletion and an insertion. */
const writeUnitsPerDueTime = 3;
/** A poll in an invocation of its own: Kard's 200 ms at 512 MB. */
const invocationPerPoll = prices.invocation + 0.2 * 0.5 * prices.gbSecondArm;
/** Wait, task and choice. */
const transitionsPerPoll = 3;

/**
 * What the same polls of a million audits would cost by the usual designs, in USD.
 *
 * @param polled what the polls of an audit consume here
 */
export function alternatives(polled: Consumption, polls: number, plan: PollPlan): Record<string, number> {
  const here = Object.values(priceOf(polled, million)).reduce((sum, usd) => sum + usd, 0);
  const each = (usdPerPoll: number) => million * polls * usdPerPoll;
  const openMinutes = ageAfter(plan, polls) / 60_000;
  return {
    here,
    dueTimeIndex: here + each(writeUnitsPerDueTime * prices.writeUnit),
    oneTimeSchedules: each(prices.scheduledInvocation + invocationPerPoll),
    stepFunctions: each(transitionsPerPoll * prices.stateTransition + invocationPerPoll),
    scanPerMinute: here + million * openMinutes * itemReadUnits * prices.readUnit,
  };
}

/** The age of an audit at its last of a number of polls, in milliseconds. */
export function ageAfter({ bands }: PollPlan, polls: number): number {
  let left = Math.round(polls);
  for (const { from, to, gap } of bands) {
    const inBand = to === null ? Number.POSITIVE_INFINITY : (to - from) / gap + 1;
    if (left <= inBand) return from + (left - 1) * gap;
    left -= inBand;
  }
  throw new Error("the plan has no last band");
}
