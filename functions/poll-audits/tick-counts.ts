/** What a tick did, in numbers. */
export interface TickCounts {
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
  /** Adoptions that waited for Kard and are tracked now. */
  adopted: number;
  /** Of those that Kard still could not be asked about. */
  stillUnadopted: number;
  /** Of Kard ids that Kard does not know. */
  adoptionsUnknown: number;
  /** Of those that are not tried any more. */
  adoptionsGivenUp: number;
  /** Bands that began anew because the clock has been set back. */
  clockResets: number;
}

/** What a part of a tick did. */
export interface WorkResult {
  counts: Partial<TickCounts>;
  /** What was thrown. The tick went on without; whoever began it has to make it known. */
  errors: readonly unknown[];
  /**
   * When the most belated of the audits that were due, and that have not been polled, fell due (epoch milliseconds).
   */
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
  clockResets: 0,
};

/** What several parts did together. */
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

/** The earliest of the times that there are. */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
