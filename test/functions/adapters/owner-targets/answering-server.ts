import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** An HTTP server that answers every request in the way that was set last, and keeps the requests. */
export async function answeringServer() {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  let next = { status: 200, body: "" };
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: await text(request) });
    response.writeHead(next.status, { "content-length": Buffer.byteLength(next.body) }).end(next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** @param body text, or an object for JSON */
    answer(status: number, body: string | object) {
      next = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
