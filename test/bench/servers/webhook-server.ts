import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * A fast receiver of webhooks, so that benchmarks measure the senders. It runs in its own process, with the latency in
 * milliseconds as its argument, and sends its port to its parent. A GET returns and resets the number of webhooks and
 * their latencies.
 */
const latencyMs = Number(process.argv[2] ?? 0);
let receivedAfterMs: number[] = [];

const server = createServer(async (request, response) => {
  if (request.method === "GET") {
    response.end(JSON.stringify({ receivedAfterMs }));
    receivedAfterMs = [];
    return;
  }
  const at = Date.now();
  const { timestamp } = JSON.parse(await text(request)) as { timestamp: string };
  receivedAfterMs.push(at - Date.parse(timestamp));
  response.statusCode = 204;
  if (latencyMs === 0) response.end();
  else setTimeout(() => response.end(), latencyMs);
});

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
