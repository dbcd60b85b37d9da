import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
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

/** Memory in megabytes: the medians of the first and last third of a run, and the maximum. */
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

/**
 * The memory of a process in megabytes: on Linux without mapped files, which are stored data that the system may drop
 * at any time; elsewhere the resident memory, from `ps`.
 */
export async function memoryInUse(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const anonymous = /^RssAnon:\s+(\d+)/m.exec(status)?.[1];
  if (anonymous !== undefined) return Number(anonymous) / 1_024;
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1_024;
}

/** The size of all files in a folder, in megabytes. */
export async function storedData(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    // The table's files come and go.
    const file = entry.isFile() ? await stat(join(entry.parentPath, entry.name)).catch(() => undefined) : undefined;
    return file?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1_048_576;
}
