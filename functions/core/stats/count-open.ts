import { shards } from "../shared/lanes.ts";
import { allEnded } from "../shared/settle-all.ts";
import { oldestDuePoll } from "../tracking/oldest-due-poll.ts";
import type { PollPlan } from "../tracking/poll-plan.ts";
import type { BandCursor, PollCursors } from "../tracking/ports.ts";
import { addAmount, dayMs, increment } from "./day-figures.ts";
import type { OpenFigures } from "./open-figures.ts";
import type { OpenAudit, OpenPage, StatsSource } from "./ports.ts";

export interface CountOpenDeps {
  source: Pick<StatsSource, "open">;
  cursors: Pick<PollCursors, "read">;
  pollPlan: PollPlan;
}

/** The ages of open audits in days, by the first day that is older. */
const ages = [
  { name: "0-7", below: 8 },
  { name: "8-30", below: 31 },
  { name: "31-60", below: 61 },
  { name: "61-90", below: 91 },
  { name: "over-90", below: Number.POSITIVE_INFINITY },
];

/** Counts an issuer's open audits. Pages are counted one by one, so memory does not grow with the number of audits. */
export function countOpen(deps: CountOpenDeps) {
  return async (organizationId: string, now: number): Promise<OpenFigures> => {
    const byAge: OpenFigures["byAge"] = Object.fromEntries(ages.map(({ name }) => [name, {}]));
    const figures = { asOf: now, audits: 0, byAge, amounts: {} };
    const cursors = await allEnded(shards.map((shard) => deps.cursors.read({ organizationId, shard })));
    let oldestDueAt = Number.POSITIVE_INFINITY;
    const isComplete = await deps.source.open(organizationId, (page) => {
      figures.audits += page.audits.length;
      for (const audit of page.audits) {
        increment(byAge[ageOf(audit, now)] ?? {}, audit.status);
        addAmount(figures.amounts, audit);
      }
      const dueAt = oldestDue(deps.pollPlan, cursors[page.shard] ?? {}, page, now);
      oldestDueAt = Math.min(oldestDueAt, dueAt ?? oldestDueAt);
    });
    return { ...figures, ...(Number.isFinite(oldestDueAt) && { oldestDueAt }), isComplete };
  };
}

function ageOf({ createdAt }: OpenAudit, now: number): string {
  const days = Math.floor((now - createdAt) / dayMs);
  return ages.find(({ below }) => days < below)?.name ?? "over-90";
}

/** When the oldest poll of a page fell due that has not been made: by the plan, or a repeated one. */
function oldestDue(
  plan: PollPlan,
  cursors: Readonly<Record<string, BandCursor>>,
  { lane, audits }: OpenPage,
  now: number,
): number | undefined {
  const times = audits.map(({ laneAt }) => laneAt);
  if (lane === "OPEN") return oldestDuePoll(plan, cursors, times, now);
  return lane === "RECHECK" ? times.find((laneAt) => laneAt <= now) : undefined;
}
