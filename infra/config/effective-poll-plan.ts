import type { PollPlan } from "../../functions/core/tracking/poll-plan.ts";

const dayMs = 24 * 60 * 60_000;

/**
 * The poll plan of a configuration. `dueAfterDays` and `dueSoonDays` replace the plan's own times if they are given.
 */
export function effectivePollPlan(config: {
  pollPlan: PollPlan;
  dueAfterDays?: number | undefined;
  dueSoonDays?: number | undefined;
}): PollPlan {
  const { pollPlan, dueAfterDays, dueSoonDays } = config;
  return {
    ...pollPlan,
    ...(dueAfterDays === undefined ? {} : { overdueAfter: dueAfterDays * dayMs }),
    ...(dueSoonDays === undefined ? {} : { dueSoonBefore: dueSoonDays === 0 ? undefined : dueSoonDays * dayMs }),
  };
}

/** Why `audit.due_soon` would be published as soon as an audit is created; `undefined` if it would not. */
export function dueSoonProblem(config: Parameters<typeof effectivePollPlan>[0]): string | undefined {
  const { overdueAfter, dueSoonBefore = 0 } = effectivePollPlan(config);
  if (dueSoonBefore < overdueAfter) return undefined;
  const given = config.dueSoonDays === undefined ? `; it is ${dueSoonBefore / dayMs} by default` : "";
  return `must be less than dueAfterDays, which is ${overdueAfter / dayMs}${given}`;
}
