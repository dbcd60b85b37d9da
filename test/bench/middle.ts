/** Of some measurements the one with the middle ratio. */
export function middleByRatio<Measured extends { ratio: number }>(measured: readonly Measured[]): Measured {
  const middle = measured.toSorted((a, b) => a.ratio - b.ratio)[Math.floor(measured.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
