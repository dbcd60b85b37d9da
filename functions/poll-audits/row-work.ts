import pMap from "p-map";
import type { AuditStore, Clock, LaneRow } from "../core/ports.ts";
import { recheckLater } from "../core/recheck-audit.ts";
import type { Tally } from "./tally.ts";

/** `left`: Kard was not asked, the next tick has to. `broken`: it threw, and the audit could not even be moved. */
export type RowOutcome = "done" | "left" | "broken";

/** Does a row's work; `false` if it is left to the next tick. */
export type RowWork = (row: LaneRow) => Promise<boolean>;

/**
 * Works through a page of rows, so many at once. What one throws harms no other: it is kept for the end of the tick, and
 * the audit goes to lane RECHECK like one that Kard gave no answer for.
 *
 * @returns the outcomes, in the order of the rows, when all have ended
 */
export function workPage(deps: { audits: AuditStore; clock: Clock }, tally: Tally, rowsAtOnce: number) {
  return (rows: readonly LaneRow[], work: RowWork): Promise<RowOutcome[]> =>
    pMap(
      rows,
      async (row): Promise<RowOutcome> => {
        try {
          return (await work(row)) ? "done" : "left";
        } catch (error) {
          tally.errors.push(error);
          return moveAway(deps, row, tally);
        }
      },
      { concurrency: rowsAtOnce },
    );
}

async function moveAway(
  deps: { audits: AuditStore; clock: Clock },
  row: LaneRow,
  tally: Tally,
): Promise<"done" | "broken"> {
  try {
    await recheckLater(deps, row, false);
    return "done";
  } catch (error) {
    tally.errors.push(error);
    return "broken";
  }
}
