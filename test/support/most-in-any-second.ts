/** The highest number of these times (milliseconds) that are within a second of each other, wherever it begins. */
export function mostInAnySecond(times: readonly number[]): number {
  const inOrder = times.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, time] of inOrder.entries()) {
    // Clocks of milliseconds: what is a rounding error short of a second is a second.
    while (time - (inOrder[first] ?? time) >= 1_000 - 1e-6) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
