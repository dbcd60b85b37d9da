import type { Retention } from "../shared/retention.ts";
import { allEnded } from "../shared/settle-all.ts";
import { countFiled, countSettled, type DayFigures, dayMs, emptyDay } from "./day-figures.ts";
import type { DayFigureStore, StatsSource } from "./ports.ts";

export interface RollUpDeps {
  source: Pick<StatsSource, "filed" | "settled">;
  dayFigures: DayFigureStore;
  retention?: Retention | undefined;
}

/**
 * How long after its time an audit may still be missing in an index, in milliseconds: a function takes the time up to a
 * minute before it writes, and an index lags behind the table, usually by less than a second.
 */
export const indexSettlesAfterMs = 5 * 60_000;

/**
 * Counts a day of an issuer as far as it is over, and stores it. An audit's times of creation and settlement never
 * change, so each is counted once: from where the stored figures end, on the condition that nobody else has gone on
 * from there. What fails or is interrupted is counted again by the next run. Nothing is counted or stored of times
 * whose settled audits may have expired.
 *
 * @param stored the day's stored figures, if any
 * @returns the figures, which may be those of a run at the same time
 * @throws if the day's figures are stored and cannot be read
 */
export function rollUpDay(deps: RollUpDeps) {
  return async (
    organizationId: string,
    day: number,
    stored: DayFigures | undefined,
    now: number,
  ): Promise<DayFigures> => {
    const former = stored ?? emptyDay(day);
    const to = Math.min(day + dayMs, now - indexSettlesAfterMs);
    if (former.filedThrough >= to && former.settledThrough >= to) return former;
    if (Math.min(former.filedThrough, former.settledThrough) < keptSince(deps.retention, now)) return former;
    const [filed, settled] = await allEnded([
      deps.source.filed(organizationId, { from: former.filedThrough, to }),
      deps.source.settled(organizationId, { from: former.settledThrough, to }),
    ]);
    const counted = countSettled(countFiled(former, filed.rows, filed.through), settled.rows, settled.through);
    const next = { ...counted, revision: former.revision + 1 };
    if ((await deps.dayFigures.put(organizationId, day, next)) === "done") return next;
    const other = (await deps.dayFigures.getAll(organizationId, [day])).get(day);
    if (other === undefined)
      throw new Error(
        `The figures of ${new Date(day).toISOString().slice(0, 10)} cannot be read. Delete their row to count it again.`,
      );
    return other;
  };
}

/** Audits that were settled since this time, in epoch milliseconds, are still in the table. */
function keptSince({ auditDays = Number.POSITIVE_INFINITY }: Retention = {}, now: number): number {
  return now - auditDays * dayMs;
}

/**
 * Adds what came after the stored figures of a day, without storing it: audits of the last minutes may still be missing
 * in the indexes. Figures that a bound has cut short stay as they are.
 */
export function withLatest({ source }: Pick<RollUpDeps, "source">) {
  return async (organizationId: string, day: number, figures: DayFigures, now: number): Promise<DayFigures> => {
    const to = Math.min(day + dayMs, now + 1);
    const isCut = !isCounted(figures, day, now - indexSettlesAfterMs);
    if (isCut || isCounted(figures, day, to)) return figures;
    const [filed, settled] = await allEnded([
      source.filed(organizationId, { from: figures.filedThrough, to }),
      source.settled(organizationId, { from: figures.settledThrough, to }),
    ]);
    return countSettled(countFiled(figures, filed.rows, filed.through), settled.rows, settled.through);
  };
}

/** Whether all of a day before `until` is counted. */
export function isCounted({ filedThrough, settledThrough }: DayFigures, day: number, until: number): boolean {
  return Math.min(filedThrough, settledThrough) >= Math.min(day + dayMs, until);
}
