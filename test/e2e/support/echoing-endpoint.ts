import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * A subscriber's endpoint that answers with the headers it was sent, in several forms; with a 500 until told
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
    /** What was posted. */
    bodies,
    answerWith(next: number) {
      status = next;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
