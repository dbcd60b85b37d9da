import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * A subscriber's endpoint that answers with the received headers in several encodings. It answers 500 until configured
 * otherwise.
 */
export async function startEchoingEndpoint() {
  const bodies: string[] = [];
  let status = 500;
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    const echo = JSON.stringify(request.headers);
    response
      .writeHead(status, { "x-echo": encodeURIComponent(echo) })
      .end(`${echo}\n${Object.values(request.headers)}`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** The received bodies. */
    bodies,
    respondWith(next: number) {
      status = next;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
