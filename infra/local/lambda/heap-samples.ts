import type { Worker } from "node:worker_threads";

const everyMs = 100;

/** What a worker's heap is seen to hold while an invocation is open. */
export interface HeapSamples {
  /** The most bytes so far; `undefined` before the first sample. */
  most(): number | undefined;
  end(): void;
}

/**
 * Looks at a worker's heap ten times a second: the nearest that a thread has to what AWS Lambda reports of a process as
 * its "Max Memory Used". Garbage that is not collected yet counts.
 */
export function sampleHeap(worker: Worker): HeapSamples {
  let most: number | undefined;
  const sample = () => {
    worker.getHeapStatistics().then(
      ({ used_heap_size: used }) => {
        most = Math.max(most ?? 0, used);
      },
      // The worker has ended.
      () => undefined,
    );
  };
  const timer = setInterval(sample, everyMs).unref();
  return { most: () => most, end: () => clearInterval(timer) };
}
