/** Milliseconds since the epoch, UTC. */
export type Clock = () => number;

/** Reports an error and continues. A later run finishes the work. */
export type ReportError = (error: unknown) => void;

/**
 * Runs work in the background of a request. It finishes before the environment freezes, and its errors affect nothing
 * else.
 */
export type RunInBackground = (work: Promise<unknown>) => void;

/** A page of a list, newest first, and the position of the next page. */
export interface Page<Item> {
  items: Item[];
  next: PagePosition | undefined;
}

/** The last row of a page: its sort time and id. */
export interface PagePosition {
  at: number;
  id: string;
  /** If several partitions are merged: which one has the row, from 0. */
  partition?: number | undefined;
}

/**
 * A page of a lane, oldest first. Only an absent `next` means that it is the last page: one request reads a bounded
 * amount.
 */
export interface LanePage<Row, Position = Row> {
  rows: Row[];
  next: Position | undefined;
}
