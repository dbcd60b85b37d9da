/** The latencies of Kard and of receivers that are measured. At 0 ms, only CPU time counts. */
export const latenciesMs = [0, 50] as const;

/** For `--json`: the ratio at each latency. */
export type LatencyRatios = Record<`${(typeof latenciesMs)[number]}ms`, { ratio: number }>;

export function ratiosOf(results: readonly { latencyMs: number; ratio: number }[]): LatencyRatios {
  const entries = results.map(({ latencyMs, ratio }) => [`${latencyMs}ms`, { ratio: Number(ratio.toFixed(3)) }]);
  return Object.fromEntries(entries) as LatencyRatios;
}
