import { availableParallelism, loadavg } from "node:os";

const mostTimesLonger = 20;

/**
 * How many times longer work may take than on AWS, because it shares this machine's cores with other work: 1 while a
 * core is free. Windows has no load average, so it is always 1 there.
 * @param load average number of processes that want to run.
 */
export function timesLonger(load = loadavg()[0] ?? 0, cores = availableParallelism()): number {
  return Math.min(mostTimesLonger, Math.max(1, load / cores));
}
