import type { Clock } from "../shared/ports.ts";
import { countFiled, countSettled, type DayFigures, dayMs, emptyDay } from "./day-figures.ts";
import type { DayFigureStore, StatsSource } from "./ports.ts";

export interface RollUpDeps {
  source: Pick<StatsSource, "filed" | "settled">;
  dayFigures: DayFigureStore;
  clock: Clock;
}

/**
 * How long after its time an audit may still be missing in an index, in milliseconds: a function takes the time up to a
 * minute before it writes, and an index lags behind the table, usually by less than a second.
 */
export const indexSettlesAfterMs = 5 * 60_000;

/**
 * Counts a day of an issuer as far as it is over, and stores it. An audit's times of creation and settlement never
 * change, so each is counted once: from where the stored figures end, on the condition that nobody else has gone on
 * from there. What fails or is interrupted is counted again by the next run.
 *
 * @param stored the day's stored figures, if any
 * @returns the figures, which may be those of a run at the same time
 */
export function rollUpDay(deps: RollUpDeps) {
  return async (organizationId: string, day: number, stored: DayFigures | undefined): Promise<DayFigures> => {
    const former = stored ?? emptyDay(day);
    const to = Math.min(day + dayMs, deps.clock() - indexSettlesAfterMs);
    if (former.filedThrough >= to && former.settledThrough >= to) return former;
    const [filed, settled] = await Promise.all([
      deps.source.filed(organizationId, { from: former.filedThrough, to }),
      deps.source.settled(organizationId, { from: former.settledThrough, to }),
    ]);
    const counted = countSettled(countFiled(former, filed.rows, filed.through), settled.rows, settled.through);
    const next = { ...counted, revision: former.revision + 1 };
    if ((await deps.dayFigures.put(organizationId, day, next)) === "done") return next;
    return (await deps.dayFigures.getAll(organizationId, [day])).get(day) ?? former;
  };
}

/** Whether all of a day before `until` is counted. */
export function isCounted({ filedThrough, settledThrough }: DayFigures, day: number, until: number): boolean {
  return Math.min(filedThrough, settledThrough) >= Math.min(day + dayMs, until);
}
