/**
 * Without latency, both sides need warm-up rounds and several measured ones. With latency, the wait dominates.
 */
const roundsWithout = { warmUp: 12, measured: 31 };
const roundsWith = { warmUp: 1, measured: 1 };

/** Runs warm-up and measured rounds. Returns the measured ones. */
export async function measureRounds<Measured>(
  latencyMs: number,
  round: () => Promise<Measured>,
  withoutLatency: typeof roundsWithout = roundsWithout,
): Promise<[Measured, ...Measured[]]> {
  const rounds = latencyMs === 0 ? withoutLatency : roundsWith;
  for (let warmUp = 0; warmUp < rounds.warmUp; warmUp++) await round();
  const measured: [Measured, ...Measured[]] = [await round()];
  while (measured.length < rounds.measured) measured.push(await round());
  return measured;
}

/** The round with the median ratio. */
export function middleOf<Measured extends { ratio: number }>([first, ...others]: readonly [
  Measured,
  ...Measured[],
]): Measured {
  const sorted = [first, ...others].sort((a, b) => a.ratio - b.ratio);
  return sorted[Math.floor(sorted.length / 2)] ?? first;
}

/** Runs warm-up and measured rounds. Returns the round with the median ratio. */
export async function medianRound<Measured extends { ratio: number }>(
  latencyMs: number,
  round: () => Promise<Measured>,
): Promise<Measured> {
  return middleOf(await measureRounds(latencyMs, round));
}
