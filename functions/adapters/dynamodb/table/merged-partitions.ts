import * as z from "zod";
import type { PagePosition } from "../../../core/shared/ports.ts";

/** A row of an index, with the time by which the index is sorted. */
export const indexRow = z.object({ pk: z.string(), sk: z.string(), at: z.number() });
export type IndexRow = z.infer<typeof indexRow>;

/** The part of a list to read, in epoch milliseconds; `before` is exclusive. */
export interface ListRange {
  since?: number | undefined;
  before?: number | undefined;
  from?: PagePosition | undefined;
}

/** A row of the list, with the place of its partition. */
export type ListRow = IndexRow & { partition: number };

/** Rows in order, and the last row that was looked at, if more may follow. */
export interface ListRows {
  rows: ListRow[];
  end: ListRow | undefined;
}

/**
 * The first rows of all partitions, in the order of the list. A partition that was not read to its end ends the page:
 * the rows that follow in it are not known.
 */
export function mergedRows(
  parts: readonly ListRows[],
  { isAscending = false }: { isAscending?: boolean },
  size: number,
) {
  const compare = (one: ListRow, other: ListRow) =>
    (isAscending ? one.at - other.at : other.at - one.at) || one.partition - other.partition;
  const [knownTo] = parts.flatMap(({ end }) => end ?? []).sort(compare);
  const all = parts.flatMap(({ rows }) => rows).sort(compare);
  const known = knownTo === undefined ? all : all.filter((row) => compare(row, knownTo) <= 0);
  const rows = known.slice(0, size);
  return { rows, end: known.length > size ? rows.at(-1) : knownTo };
}

/**
 * The part of a partition that follows a position. At the time of the position, the rows of earlier partitions were
 * shown, and those of later ones were not.
 */
export function rangeOf(
  { isAscending = false }: { isAscending?: boolean },
  range: ListRange,
  partition: number,
): ListRange {
  const { since = 0, before = Number.MAX_SAFE_INTEGER, from } = range;
  const { partition: ofPosition = 0 } = from ?? {};
  if (from === undefined || ofPosition === partition) return { since, before, from };
  const wasShown = partition < ofPosition;
  if (isAscending) return { since: Math.max(since, from.at + (wasShown ? 1 : 0)), before };
  return { since, before: Math.min(before, from.at + (wasShown ? 0 : 1)) };
}
