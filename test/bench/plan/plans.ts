import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import { deployedPlan } from "../../../infra/config/stage-defaults.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const { overdueAfter } = deployedPlan;

const every = (gap: number): PollPlan => ({
  bands: [{ from: gap, to: null, gap, resolution: minute }],
  overdueAfter,
});

/** Gaps that grow with the age: each band begins at twice the age of the one before. */
function proportional(share: number): PollPlan {
  const bands: PollPlan["bands"] = [];
  let from = 5 * minute;
  for (let start = 5 * minute; start < 64 * day; start *= 2) {
    const gap = Math.max(Math.ceil((start * share) / minute) * minute, minute);
    const steps = Math.max(Math.floor((2 * start - from) / gap) - 1, 0);
    bands.push({ from, to: from + steps * gap, gap, resolution: minute });
    from += (steps + 1) * gap;
  }
  const gap = Math.ceil((64 * day * share) / minute) * minute;
  bands.push({ from, to: null, gap, resolution: minute });
  return { bands, overdueAfter };
}

/** The deployed plan, and what one would try instead. */
export const plans: Record<string, PollPlan> = {
  deployed: deployedPlan,
  "every hour": every(hour),
  "every 6 hours": every(6 * hour),
  "every day": every(day),
  "a tenth of the age": proportional(0.1),
  "a twentieth of the age": proportional(0.05),
  "a quarter of the age": proportional(0.25),
};
