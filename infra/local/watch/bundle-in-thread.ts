import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * Bundles a function as a synthesis does, in another thread. esbuild prints build errors itself.
 *
 * @throws Error if it does not build
 */
export async function bundleInThread(folder: string, outputFolder: string): Promise<void> {
  const worker = new Worker(new URL("./bundle-worker.ts", import.meta.url), { workerData: { folder, outputFolder } });
  await once(worker, "exit");
}
