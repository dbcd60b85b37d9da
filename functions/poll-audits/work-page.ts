import pMap from "p-map";
import type { AuditStore } from "../core/audits/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import { isAdoption } from "../core/tracking/adoption.ts";
import type { DueRow, LaneRow } from "../core/tracking/ports.ts";
import { recheckLater } from "../core/tracking/recheck-audit.ts";
import { sumOf, type WorkResult } from "./tick-counts.ts";

/** What came of a row. `left`: Kard was not asked, the next tick has to. */
export interface RowResult extends WorkResult {
  row: "done" | "unprocessed";
}

/** Does the work that a row waits for. */
export type RowWork<Row = LaneRow> = (row: Row) => Promise<RowResult>;

export interface PageResult extends WorkResult {
  /** In the order of the rows. `broken`: the work threw, and the audit could not even be moved. */
  rows: ("done" | "unprocessed" | "broken")[];
}

/** A row that Kard was not asked about. */
export const unprocessedRow: RowResult = { row: "unprocessed", counts: {}, errors: [] };

/**
 * Works through a page of rows, so many at once. What one throws harms no other: it is in the result's errors, and the
 * audit goes to lane RECHECK like one that Kard gave no answer for.
 */
export function workPage(deps: { audits: AuditStore; clock: Clock }, rowsAtOnce: number) {
  const workRow = async <Row extends DueRow>(row: Row, work: RowWork<Row>) => {
    try {
      return await work(row);
    } catch (error) {
      return moveToRecheck(deps, row, error);
    }
  };
  return async <Row extends DueRow>(rows: readonly Row[], work: RowWork<Row>): Promise<PageResult> => {
    const results = await pMap(rows, (row) => workRow(row, work), { concurrency: rowsAtOnce });
    return { ...sumOf(results), rows: results.map(({ row }) => row) };
  };
}

async function moveToRecheck(deps: { audits: AuditStore; clock: Clock }, row: DueRow, cause: unknown) {
  if (isAdoption(row)) return { row: "broken" as const, counts: {}, errors: [cause] };
  try {
    await recheckLater(deps, row, false);
    return { row: "done" as const, counts: {}, errors: [cause] };
  } catch (error) {
    return { row: "broken" as const, counts: {}, errors: [cause, error] };
  }
}
