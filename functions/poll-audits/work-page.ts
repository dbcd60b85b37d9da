import pMap from "p-map";
import type { AuditStore } from "../core/audits/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import { isAdoption } from "../core/tracking/adoption.ts";
import type { DueRow, LaneRow } from "../core/tracking/ports.ts";
import { recheckLater } from "../core/tracking/recheck-audit.ts";
import { sumOf, type WorkResult } from "./tick-counts.ts";

/** The result of a row. `unprocessed`: Kard was not called; the next tick processes it. */
export interface RowResult extends WorkResult {
  row: "done" | "unprocessed";
}

/** Processes one row. */
export type RowWork<Row = LaneRow> = (row: Row) => Promise<RowResult>;

export interface PageResult extends WorkResult {
  /** In the order of the rows. `broken`: processing failed, and the audit could not be moved either. */
  rows: ("done" | "unprocessed" | "broken")[];
}

export const unprocessedRow: RowResult = { row: "unprocessed", counts: {}, errors: [] };

/**
 * Processes a page of rows, several at once. An error of one row does not affect others: it is in the result's errors,
 * and an open audit goes to lane RECHECK.
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
  if (isAdoption(row) || row.status === "CLOSED") return { row: "broken" as const, counts: {}, errors: [cause] };
  try {
    await recheckLater(deps, row, false);
    return { row: "done" as const, counts: {}, errors: [cause] };
  } catch (error) {
    return { row: "broken" as const, counts: {}, errors: [cause, error] };
  }
}
