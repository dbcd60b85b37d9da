import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * A fast stub of Kard that knows every audit, accepts every create and never changes a status, so that benchmarks
 * measure its clients. It runs in its own process, with the latency in milliseconds as its argument, and sends its port
 * to its parent.
 */
const latencyMs = Number(process.argv[2] ?? 0);
let requests = 0;
let created = 0;

const server = createServer(async (request, response) => {
  const respond = (body: object) => response.end(JSON.stringify(body));
  response.setHeader("content-type", "application/json");
  if (request.method === "POST" && request.url?.endsWith("/audits")) {
    const { data } = JSON.parse(await text(request)) as { data: { type: string; attributes: object }[] };
    response.statusCode = 201;
    return respond({ data: data.map((audit) => ({ ...audit, id: `created-${created++}` })) });
  }
  if (request.method === "POST") return respond({ access_token: "bench", expires_in: 3_600, token_type: "Bearer" });
  if (request.url === "/requests") return respond({ requests });
  requests++;
  const audit = {
    _id: request.url?.slice("/transactions/audit/".length),
    transactionId: "txn-1",
    auditCode: 3006,
    merchantName: "Caribbean Goodness",
    auditDescription: "cashback never posted",
    preferredContactEmail: "someone@bank.example",
    status: "NEW",
    transactionAmountInCents: 2_600,
  };
  if (latencyMs === 0) respond(audit);
  else setTimeout(respond, latencyMs, audit);
});

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
