/** The most of these times (milliseconds) within any one second. */
export function mostInAnySecond(times: readonly number[]): number {
  const inOrder = times.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, time] of inOrder.entries()) {
    // Clocks have milliseconds: a rounding error below a second is a second.
    while (time - (inOrder[first] ?? time) >= 1_000 - 1e-6) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
