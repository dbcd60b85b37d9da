import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** An embedded DynamoDB in memory, in a thread of its own. */
export async function startDynalite(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const worker = new Worker(new URL("../../../infra/local/runner/services/dynalite-worker.ts", import.meta.url), {
    workerData: { dataDir: undefined },
    execArgv: [],
    stderr: true,
  });
  const [{ port }] = (await once(worker, "message")) as [{ port: number }];
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      const exited = once(worker, "exit");
      worker.postMessage("stop");
      await exited;
    },
  };
}
