import { parentPort, workerData } from "node:worker_threads";
import { Agent } from "undici";

/**
 * The baseline for polling: concurrent GETs with parsing, in a worker thread like the function. Each message from the
 * parent starts the loop. It answers with the duration in milliseconds.
 */
const { url, ids, callsAtOnce } = workerData as { url: string; ids: string[]; callsAtOnce: number };
const agent = new Agent();

async function callAll(): Promise<void> {
  let next = 0;
  const run = async () => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
      const { body } = await agent.request({
        origin: url,
        path: `/transactions/audit/${id}`,
        method: "GET",
        headers: { authorization: "Bearer bench", accept: "application/json" },
      });
      JSON.parse(await body.text());
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, run));
}

parentPort?.on("message", async () => {
  const startedAt = performance.now();
  await callAll();
  parentPort?.postMessage(performance.now() - startedAt);
});
