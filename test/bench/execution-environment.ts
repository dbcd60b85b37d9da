import { openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

/**
 * An execution environment of a measured function, in a worker thread like the baselines. It first receives all events;
 * the next message starts handling them in sequence. So the measurement excludes the runner. Logs are written and
 * discarded.
 */
const { moduleFile, exportName } = workerData as { moduleFile: string; exportName: string };

const nowhere = openSync("/dev/null", "w");
for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: string) => writeSync(nowhere, chunk) >= 0) as typeof stream.write;
}

const { [exportName]: handler } = (await import(pathToFileURL(moduleFile).href)) as Record<
  string,
  (event: unknown, context: object) => Promise<unknown>
>;
if (handler === undefined) throw new Error(`${exportName} is not exported by ${moduleFile}`);
const context = { awsRequestId: "bench", getRemainingTimeInMillis: () => 60_000 };

let events: unknown[] = [];

parentPort?.on("message", async (message: unknown[] | "handle") => {
  if (message !== "handle") {
    events = message;
    parentPort?.postMessage("taken");
    return;
  }
  const handled: { response: string; ms: number }[] = [];
  const before = process.threadCpuUsage();
  for (const event of events) {
    const startedAt = performance.now();
    const result = await handler(event, context);
    handled.push({ response: JSON.stringify(result) ?? "null", ms: performance.now() - startedAt });
  }
  const { user, system } = process.threadCpuUsage(before);
  parentPort?.postMessage({ handled, cpuMs: (user + system) / 1_000 });
});
