/** What a tick did, in numbers. */
export interface Tally {
  polled: number;
  changed: number;
  failed: number;
  missing: number;
  overdue: number;
  submitted: number;
  stillUnsubmitted: number;
  /** The longest wait that Kard asked for with a 429, in milliseconds. */
  retryAfterMs: number;
  /** How long the most belated audit has been due, in milliseconds. */
  lagMs: number;
}

export function emptyTally(): Tally {
  return {
    polled: 0,
    changed: 0,
    failed: 0,
    missing: 0,
    overdue: 0,
    submitted: 0,
    stillUnsubmitted: 0,
    retryAfterMs: 0,
    lagMs: 0,
  };
}
