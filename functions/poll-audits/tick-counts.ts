/** The counts of a tick. */
export interface TickCounts {
  polled: number;
  changed: number;
  failed: number;
  /** Kard answered 404 for an audit that it had accepted. */
  missing: number;
  overdue: number;
  submitted: number;
  stillUnsubmitted: number;
  /** Audits of this tick that were filed more than an hour ago and are still unconfirmed. */
  unconfirmed: number;
  /** Pending adoptions that this tick completed. */
  adopted: number;
  /** Adoptions that are still pending. */
  stillUnadopted: number;
  /** Kard does not know the id. */
  adoptionsUnknown: number;
  /** Adoptions that are not retried any more. */
  adoptionsGivenUp: number;
  /** Kard has done what a resolution promised, or has not. */
  fulfilled: number;
  unfulfilled: number;
  /** Follow-ups that ended because Kard's rewards could not be compared. */
  followUpsUnknown: number;
  /** Bands that started again because the clock was set back. */
  clockResets: number;
}

/** The result of a part of a tick. */
export interface WorkResult {
  counts: Partial<TickCounts>;
  /** Errors that did not stop the tick. The caller must report them. */
  errors: readonly unknown[];
  /** When the most delayed due audit that was not polled fell due (epoch milliseconds). */
  backlogSince?: number | undefined;
}

const noCounts: TickCounts = {
  polled: 0,
  changed: 0,
  failed: 0,
  missing: 0,
  overdue: 0,
  submitted: 0,
  stillUnsubmitted: 0,
  unconfirmed: 0,
  adopted: 0,
  stillUnadopted: 0,
  adoptionsUnknown: 0,
  adoptionsGivenUp: 0,
  fulfilled: 0,
  unfulfilled: 0,
  followUpsUnknown: 0,
  clockResets: 0,
};

/** Adds up the results of several parts. */
export function sumOf(parts: readonly WorkResult[]): WorkResult & { counts: TickCounts } {
  const counts = { ...noCounts };
  const names = Object.keys(noCounts) as (keyof TickCounts)[];
  for (const part of parts) for (const name of names) counts[name] += part.counts[name] ?? 0;
  return {
    counts,
    errors: parts.flatMap(({ errors }) => errors),
    backlogSince: earliest(parts.map(({ backlogSince }) => backlogSince)),
  };
}

/** The earliest of the given times. */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
