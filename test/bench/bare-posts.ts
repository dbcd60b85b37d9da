import { parentPort, workerData } from "node:worker_threads";
import { Agent } from "undici";
import { signatureHeaders } from "../../functions/core/webhook-signature.ts";

/**
 * The raw limit that delivering is compared with: sign and POST, so many at once, in a worker thread as the function
 * runs in one. It tells its parent how many milliseconds the loop took.
 */
const { url, secret, bodies, postsAtOnce } = workerData as {
  url: string;
  secret: string;
  bodies: string[];
  postsAtOnce: number;
};
const agent = new Agent();
const { origin, pathname: path } = new URL(url);
let next = 0;

async function run(): Promise<void> {
  for (let number = next++; number < bodies.length; number = next++) {
    const message = { id: `evt_${number}`, body: bodies[number] ?? "" };
    const { statusCode, body } = await agent.request({
      ...{ origin, path },
      method: "POST",
      headers: { "content-type": "application/json", ...signatureHeaders([secret], message, Date.now()) },
      body: message.body,
    });
    await body.arrayBuffer();
    if (statusCode !== 204) throw new Error(`answered ${statusCode}`);
  }
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: postsAtOnce }, run));
parentPort?.postMessage(performance.now() - startedAt);
await agent.close();
