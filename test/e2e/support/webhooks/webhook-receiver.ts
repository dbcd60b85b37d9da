import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

export interface ReceivedWebhook {
  at: number;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The status of the response. */
  answered: number;
}

export interface WebhookReceiver {
  url: string;
  received: readonly ReceivedWebhook[];
  /** Sets the status and delay (milliseconds) of later responses. */
  respondWith(status: number, afterMs?: number): void;
  stop(): Promise<void>;
}

/** A subscriber's endpoint that records webhooks. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let status = 204;
  let delayMs = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ at: Date.now(), path: request.url ?? "", headers: request.headers, body, answered: status });
    response.statusCode = status;
    const respond = () => response.end();
    if (delayMs === 0) respond();
    else setTimeout(respond, delayMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}/webhooks`,
    received,
    respondWith(next, afterMs = 0) {
      status = next;
      delayMs = afterMs;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
