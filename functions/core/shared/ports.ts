/** Milliseconds since the epoch, UTC. */
export type Clock = () => number;

/** Reports an error that stops nothing: the caller continues, and a later run finishes the work. */
export type ReportError = (error: unknown) => void;

/** Runs work in parallel with a request. It ends before the environment freezes; its failure affects nothing else. */
export type RunInBackground = (work: Promise<unknown>) => void;

/** A page of a list, newest first, and where the next one begins. */
export interface Page<Item> {
  items: Item[];
  next: PagePosition | undefined;
}

/** The last row that a page looked at: its sort time and its id. */
export interface PagePosition {
  at: number;
  id: string;
}

/**
 * A page of a lane, longest waiting first. `next` is where the following one begins; only its absence says that this
 * one was the last, since what one request reads is bounded.
 */
export interface LanePage<Row, Position = Row> {
  rows: Row[];
  next: Position | undefined;
}
