import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The 50th, 90th and 99th percentile in milliseconds. */
export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
}

/** Nearest-rank percentiles; 0 without values. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0;
  return { p50: at(50), p90: at(90), p99: at(99) };
}

/** Resident memory in megabytes: the medians of the first and last third of a run, and the maximum. */
export interface Memory {
  firstThird: number;
  lastThird: number;
  most: number;
}

export function memoryOf(samples: readonly number[]): Memory {
  const third = Math.ceil(samples.length / 3);
  const median = (some: readonly number[]) => Math.round(percentiles(some).p50);
  return {
    firstThird: median(samples.slice(0, third)),
    lastThird: median(samples.slice(-third)),
    most: Math.round(Math.max(0, ...samples)),
  };
}

/** The resident memory of a process in megabytes, from `ps`. */
export async function residentMemory(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1_024;
}
