import * as z from "zod";

/** A histogram of durations: how many are in each bucket. */
export const durations = z.object({ count: z.number(), buckets: z.record(z.string(), z.number()) });
export type Durations = z.infer<typeof durations>;

/** Each bucket ends 10 % above the one before it, so the middle of a bucket is within 5 % of all that is in it. */
const growth = 1.1;
const second = 1_000;

function bucketOf(durationMs: number): number {
  return Math.ceil(Math.log(Math.max(durationMs, second) / second) / Math.log(growth));
}

function middleOf(bucket: number): number {
  return Math.round(second * growth ** (bucket - 0.5));
}

/** Adds a duration, in milliseconds, to the histogram with this name. */
export function addTime(all: Record<string, Durations>, name: string, durationMs: number): void {
  const bucket = String(bucketOf(durationMs));
  const former = Object.hasOwn(all, name) ? all[name] : undefined;
  const buckets = { ...former?.buckets, [bucket]: (former?.buckets[bucket] ?? 0) + 1 };
  all[name] = { count: (former?.count ?? 0) + 1, buckets };
}

export function mergedDurations(parts: readonly Durations[]): Durations {
  const buckets: Record<string, number> = {};
  for (const part of parts) {
    for (const [bucket, count] of Object.entries(part.buckets)) buckets[bucket] = (buckets[bucket] ?? 0) + count;
  }
  return { count: parts.reduce((sum, { count }) => sum + count, 0), buckets };
}

/** The duration that this share of all do not exceed, in milliseconds, within 5 %. `share` is from 0 to 1. */
export function quantile({ count, buckets }: Durations, share: number): number {
  const rank = Math.max(1, Math.ceil(count * share));
  let seen = 0;
  for (const bucket of Object.keys(buckets)
    .map(Number)
    .sort((a, b) => a - b)) {
    seen += buckets[String(bucket)] ?? 0;
    if (seen >= rank) return middleOf(bucket);
  }
  return 0;
}
