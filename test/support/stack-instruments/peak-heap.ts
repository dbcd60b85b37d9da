import type { Worker } from "node:worker_threads";

const everyMs = 100;

/**
 * Samples a worker's heap ten times a second, garbage included. For a thread, this is the closest value to the "Max
 * Memory Used" that AWS Lambda reports for a process.
 *
 * @returns a function that ends the sampling and gives the peak in bytes; `undefined` without a sample
 */
export function measureHeap(worker: Worker): () => number | undefined {
  let peak: number | undefined;
  const sample = () => {
    worker.getHeapStatistics().then(
      ({ used_heap_size: used }) => {
        peak = Math.max(peak ?? 0, used);
      },
      // The worker has ended.
      () => undefined,
    );
  };
  const timer = setInterval(sample, everyMs).unref();
  return () => {
    clearInterval(timer);
    return peak;
  };
}
