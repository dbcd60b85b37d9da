import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { signatureHeaders } from "../functions/core/notifications/webhook-signature.ts";
import { Failure } from "./failure.ts";

/** A webhook endpoint on this machine that stores what it receives. */
export async function receiveWebhooks() {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  let secret = "";
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    verifyWith(signing: string) {
      secret = signing;
    },
    /** @throws Failure (refused) if a webhook for the audit has a wrong signature */
    hasReceived(auditId: string): true | undefined {
      const webhook = received.find(({ body }) => body.includes(auditId));
      if (webhook === undefined) return undefined;
      const { headers, body } = webhook;
      const at = Number(headers["webhook-timestamp"]) * 1_000;
      const expected = signatureHeaders([secret], { id: String(headers["webhook-id"]), body }, at)["webhook-signature"];
      if (headers["webhook-signature"] === expected) return true;
      throw new Failure("refused", "the webhook's signature is not valid");
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
