import { parentPort, workerData } from "node:worker_threads";
import { Agent } from "undici";
import { signatureHeaders } from "../../functions/core/webhook-signature.ts";

/**
 * The raw limit that delivering is compared with: sign and POST, so many at once, in a worker thread as the function
 * runs in one. Each message of its parent starts the loop, which answers when all have been sent.
 */
const { url, secret, bodies, postsAtOnce } = workerData as {
  url: string;
  secret: string;
  bodies: string[];
  postsAtOnce: number;
};
const agent = new Agent();
const { origin, pathname: path } = new URL(url);

async function postAll(): Promise<void> {
  let next = 0;
  const run = async () => {
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
  };
  await Promise.all(Array.from({ length: postsAtOnce }, run));
}

parentPort?.on("message", async () => {
  await postAll();
  parentPort?.postMessage("done");
});
