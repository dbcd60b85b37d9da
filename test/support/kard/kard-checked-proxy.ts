import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { checkKardRequest, checkKardResponse } from "./kard-contract.ts";

/** A proxy for a Kard that checks both sides against Kard's reference. `violations` has the errors. */
export async function startCheckedProxy(kardUrl: string) {
  const violations: unknown[] = [];
  const bodies: string[] = [];
  const requests: { method: string; path: string; headers: IncomingHttpHeaders }[] = [];

  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const [path = ""] = url.split("?");
    const body = await text(request);
    bodies.push(body);
    requests.push({ method, path, headers });
    try {
      const { hostname, port } = new URL(kardUrl);
      // Not fetch, because it would resolve dot segments in the path.
      const forwarded = httpRequest({ hostname, port, method, path: url, headers }).end(body);
      const [kard] = (await once(forwarded, "response")) as [IncomingMessage];
      const content = await text(kard);
      const { statusCode = 0 } = kard;
      try {
        checkKardRequest(method, path, headers, body);
        checkKardResponse(method, path, statusCode, kard.headers["content-type"], content);
      } catch (violation) {
        violations.push(violation);
      }
      response.writeHead(statusCode, kard.headers).end(content);
    } catch {
      response.destroy();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    violations,
    bodies,
    requests,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
