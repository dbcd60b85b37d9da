/**
 * With no latency it takes some rounds until both sides are as fast as they get, and several to know how fast that
 * is; with some, the wait is what counts.
 */
const roundsWithout = { warmUp: 12, measured: 31 };
const roundsWith = { warmUp: 1, measured: 1 };

/** Runs a round as often as it takes; of those measured, gives the one with the middle ratio. */
export async function medianRound<Measured extends { ratio: number }>(
  latencyMs: number,
  round: () => Promise<Measured>,
): Promise<Measured> {
  const rounds = latencyMs === 0 ? roundsWithout : roundsWith;
  for (let warmUp = 0; warmUp < rounds.warmUp; warmUp++) await round();
  const measured: Measured[] = [];
  while (measured.length < rounds.measured) measured.push(await round());
  const middle = measured.sort((a, b) => a.ratio - b.ratio)[Math.floor(measured.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
