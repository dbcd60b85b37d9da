/** What a tick did, in numbers. */
export interface Tally {
  polled: number;
  changed: number;
  failed: number;
  /** Kard answered 404 for an audit that it once accepted. */
  missing: number;
  overdue: number;
  submitted: number;
  stillUnsubmitted: number;
  /** Of those, which came more than an hour ago. */
  unconfirmed: number;
  /** Shards that another poller took over meanwhile. */
  leasesLost: number;
  /** Bands that began anew because the clock has been set back. */
  clockResets: number;
  /** The longest wait that Kard asked for with a 429, in milliseconds. */
  retryAfterMs: number;
  /** When the most belated of the audits that were due at the beginning, and that have not been polled, fell due. */
  leftSince: number | undefined;
  /** What was thrown. The tick went on without; whoever began it has to make it known. */
  errors: unknown[];
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
    unconfirmed: 0,
    leasesLost: 0,
    clockResets: 0,
    retryAfterMs: 0,
    leftSince: undefined,
    errors: [],
  };
}

/** Notes that an audit that has been due since then (epoch milliseconds) is left to the next tick. */
export function noteLeft(tally: Tally, dueSince: number | undefined): void {
  if (dueSince !== undefined) tally.leftSince = Math.min(tally.leftSince ?? dueSince, dueSince);
}
