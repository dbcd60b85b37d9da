/**
 * Without latency, both sides need warm-up rounds and several measured ones. With latency, the wait dominates.
 */
const roundsWithout = { warmUp: 12, measured: 31 };
const roundsWith = { warmUp: 1, measured: 1 };

/** Runs warm-up and measured rounds. Returns the round with the median ratio. */
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
