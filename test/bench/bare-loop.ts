import { parentPort, workerData } from "node:worker_threads";
import { Agent } from "undici";

/**
 * The raw limit that polling is compared with: GET and parse, so many at once, in a worker thread as the function runs
 * in one. It tells its parent how many milliseconds the loop took.
 */
const { url, ids, callsAtOnce } = workerData as { url: string; ids: string[]; callsAtOnce: number };
const agent = new Agent();
let next = 0;

async function run(): Promise<void> {
  for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
    const { body } = await agent.request({
      origin: url,
      path: `/transactions/audit/${id}`,
      method: "GET",
      headers: { authorization: "Bearer bench", accept: "application/json" },
    });
    JSON.parse(await body.text());
  }
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: callsAtOnce }, run));
parentPort?.postMessage(performance.now() - startedAt);
await agent.close();
