import pMap from "p-map";
import type * as z from "zod";
import { timestamp } from "../../core/events/events.ts";
import { shards } from "../../core/shared/lanes.ts";
import type { Clock, ReportError } from "../../core/shared/ports.ts";
import { allEnded } from "../../core/shared/settle-all.ts";
import { type Amounts, addAmount, type DayFigures, dayMs, emptyDay, increment } from "../../core/stats/day-figures.ts";
import { type Durations, mergedDurations, quantile } from "../../core/stats/durations.ts";
import { merchantOf } from "../../core/stats/merchants.ts";
import type { OpenAudit, StatsSource } from "../../core/stats/ports.ts";
import { isCounted, type RollUpDeps, rollUpDay, withLatest } from "../../core/stats/roll-up.ts";
import { oldestDuePoll } from "../../core/tracking/oldest-due-poll.ts";
import type { PollPlan } from "../../core/tracking/poll-plan.ts";
import type { BandCursor, PollCursors } from "../../core/tracking/ports.ts";
import type { StatsPeriod } from "../stats-input.ts";
import type { statsShape } from "../stats-shapes.ts";

export interface ReadStatsDeps extends RollUpDeps {
  source: StatsSource;
  cursors: Pick<PollCursors, "read">;
  pollPlan: PollPlan;
  clock: Clock;
  /** Absent if follow-ups are turned off. */
  followUpAfterMs?: number | undefined;
  reportError: ReportError;
}

const defaultDays = 30;
const maxDays = 92;
const deliveryDays = 7;
const daysAtOnce = 8;
/**
 * A response of Lambda has at most 6 MB.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxNames = 200;

/**
 * Reads an issuer's figures: open audits and deliveries from the indexes, within bounds, and days from their stored
 * figures, which are brought up to date first. Days that are over and counted cost one read each. If a day cannot be
 * counted, the error is reported, and the day is shown as it was stored: `isComplete` is then false.
 */
export function readStats(deps: ReadStatsDeps) {
  const figuresOf = async (organizationId: string, day: number, stored: DayFigures | undefined, now: number) => {
    try {
      return await withLatest(deps)(organizationId, day, await rollUpDay(deps)(organizationId, day, stored, now), now);
    } catch (error) {
      deps.reportError(error);
      return stored ?? emptyDay(day);
    }
  };

  return async (organizationId: string, period: StatsPeriod): Promise<z.infer<typeof statsShape>> => {
    const now = deps.clock();
    const days = daysOf(period, now);
    const stored = await deps.dayFigures.getAll(organizationId, days);
    const settledIn = { from: days[0] ?? now, to: Math.min((days.at(-1) ?? now) + dayMs, now + 1) };
    const [figures, open, cursors, deliveries, fulfilments] = await allEnded([
      pMap(days, (day) => figuresOf(organizationId, day, stored.get(day), now), {
        concurrency: daysAtOnce,
        stopOnError: false,
      }),
      deps.source.open(organizationId),
      allEnded(shards.map((shard) => deps.cursors.read({ organizationId, shard }))),
      deps.source.deliveries(organizationId, { from: now - deliveryDays * dayMs, to: now + 1 }),
      deps.followUpAfterMs === undefined ? undefined : deps.source.fulfilments(organizationId, settledIn),
    ]);
    return {
      type: "stats",
      id: organizationId,
      attributes: {
        open: { ...openFigures(open.audits, now), isComplete: open.isComplete },
        polling: { oldestDueAt: oldestDueAt(deps.pollPlan, cursors, open.audits, now), isComplete: open.isComplete },
        days: figures.map((figure, i) => shownDay(figure, days[i] ?? 0, now)),
        resolutionCodes: figures.reduce(addCounts, {}),
        timeToResolution: {
          byAuditCode: timesOf(figures.map(({ auditCodes }) => auditCodes)),
          byMerchant: timesOf(
            figures.map(({ merchants }) => merchants),
            merchantOf,
          ),
        },
        deliveries: { bySubscription: deliveries.counts, isComplete: deliveries.isComplete },
        ...(fulfilments && {
          fulfilments: { byState: fulfilments.counts, isComplete: fulfilments.isComplete },
        }),
        asOf: timestamp(now),
      },
    };
  };
}

function startOfDay(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}

/** The days of a period, or the last `maxDays` of a longer one. There are no audits of days before 1970. */
function daysOf({ since, before }: StatsPeriod, now: number): number[] {
  const end = Math.min(Math.ceil((before ?? now + 1) / dayMs) * dayMs, startOfDay(now) + dayMs);
  const start = Math.max(startOfDay(since ?? end - defaultDays * dayMs), end - maxDays * dayMs, 0);
  return Array.from({ length: Math.max((end - start) / dayMs, 0) }, (_, i) => start + i * dayMs);
}

function shownDay(figures: DayFigures, day: number, now: number) {
  const { filed, closed, rejected, filedAmounts, closedAmounts } = figures;
  const counted = { filed, closed, rejected, filedAmounts, closedAmounts };
  return { day: timestamp(day).slice(0, 10), ...counted, isComplete: isCounted(figures, day, now) };
}

/** The ages of open audits in days, by the first day that is older. */
const ages = [
  { name: "0-7", below: 8 },
  { name: "8-30", below: 31 },
  { name: "31-60", below: 61 },
  { name: "61-90", below: 91 },
  { name: "over-90", below: Number.POSITIVE_INFINITY },
];

function openFigures(audits: readonly OpenAudit[], now: number) {
  const byAge: Record<string, Record<string, number>> = Object.fromEntries(ages.map(({ name }) => [name, {}]));
  const amounts: Amounts = {};
  for (const audit of audits) {
    const days = Math.floor((now - audit.createdAt) / dayMs);
    const { name } = ages.find(({ below }) => days < below) ?? { name: "over-90" };
    increment(byAge[name] ?? {}, audit.status);
    addAmount(amounts, audit);
  }
  return { byAge, amounts };
}

/** When the oldest poll of an open audit fell due that has not been made: by the plan, or a repeated one. */
function oldestDueAt(
  plan: PollPlan,
  cursors: readonly Record<string, BandCursor>[],
  audits: readonly OpenAudit[],
  now: number,
): string | undefined {
  const dueTimes = shards.flatMap((shard) => {
    const inShard = (lane: OpenAudit["lane"]) =>
      audits.filter((audit) => audit.shard === shard && audit.lane === lane).map(({ laneAt }) => laneAt);
    const byPlan = oldestDuePoll(plan, cursors[shard] ?? {}, inShard("OPEN"), now);
    return [byPlan ?? [], inShard("RECHECK").filter((laneAt) => laneAt <= now)].flat();
  });
  const oldest = dueTimes.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY);
  return Number.isFinite(oldest) ? timestamp(oldest) : undefined;
}

function addCounts(sums: Record<string, number>, { resolutionCodes }: DayFigures): Record<string, number> {
  for (const [code, count] of Object.entries(resolutionCodes)) increment(sums, code, count);
  return sums;
}

function timesOf(days: readonly Readonly<Record<string, Durations>>[], nameOf = (key: string) => key) {
  const parts = Map.groupBy(
    days.flatMap((day) => Object.entries(day)),
    ([key]) => nameOf(key),
  );
  const merged = [...parts].map(([name, entries]) => {
    const all = mergedDurations(entries.map(([, durations]) => durations));
    return [name, { count: all.count, medianMs: quantile(all, 0.5), p90Ms: quantile(all, 0.9) }] as const;
  });
  return Object.fromEntries(merged.sort(([, one], [, other]) => other.count - one.count).slice(0, maxNames));
}
