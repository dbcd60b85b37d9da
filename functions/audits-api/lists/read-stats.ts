import pMap from "p-map";
import type * as z from "zod";
import { timestamp } from "../../core/events/events.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { allEnded } from "../../core/shared/settle-all.ts";
import { type DayFigures, dayMs, emptyDay, increment } from "../../core/stats/day-figures.ts";
import { type Durations, mergedDurations, quantile } from "../../core/stats/durations.ts";
import { merchantOf } from "../../core/stats/merchants.ts";
import type { OpenFigures } from "../../core/stats/open-figures.ts";
import { type ReadOpenDeps, readOpen } from "../../core/stats/open-snapshot.ts";
import type { StatsSource } from "../../core/stats/ports.ts";
import { isCounted, type RollUpDeps, rollUpDay, withLatest } from "../../core/stats/roll-up.ts";
import type { StatsPeriod } from "../stats-input.ts";
import type { statsShape } from "../stats-shapes.ts";

export interface ReadStatsDeps extends RollUpDeps, ReadOpenDeps {
  source: StatsSource;
  clock: Clock;
  /** Absent if follow-ups are turned off. */
  followUpAfterMs?: number | undefined;
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
 * Reads an issuer's figures: deliveries from an index, within bounds, open audits likewise unless a snapshot has them,
 * and days from their stored figures, which are brought up to date first. Days that are over and counted cost one read
 * each. If a day cannot be counted, the error is reported, and the day is shown as it was stored: `isComplete` is then
 * false.
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
    const [figures, open, deliveries, fulfilments] = await allEnded([
      pMap(days, (day) => figuresOf(organizationId, day, stored.get(day), now), {
        concurrency: daysAtOnce,
        stopOnError: false,
      }),
      readOpen(deps)(organizationId, now),
      deps.source.deliveries(organizationId, { from: now - deliveryDays * dayMs, to: now + 1 }),
      deps.followUpAfterMs === undefined ? undefined : deps.source.fulfilments(organizationId, settledIn),
    ]);
    return {
      type: "stats",
      id: organizationId,
      attributes: {
        ...openAttributes(open),
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

function openAttributes({ byAge, amounts, oldestDueAt, asOf, isComplete }: OpenFigures) {
  const about = { asOf: timestamp(asOf), isComplete };
  const polling = oldestDueAt === undefined ? about : { oldestDueAt: timestamp(oldestDueAt), ...about };
  return { open: { byAge, amounts, ...about }, polling };
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
