// Receives the tracker's webhooks, with Node's http and the package `standardwebhooks`.
//
//   WEBHOOK_SECRET=whsec_… PORT=9000 npx node examples/receive-webhooks.ts
//
// Run `npm start` and `kard-audits listen --forward http://127.0.0.1:9000/` next to it. Listen prints the secret.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

interface Event {
  id: string;
  type: string;
  data: {
    id: string;
    sequence?: number;
    eventNumber?: number;
    attributes: { status?: string; resolutionCode?: number | null };
  };
}

const webhook = new Webhook(process.env.WEBHOOK_SECRET ?? "");

// Processed events. Store them durably: a webhook may arrive twice, and an older one after a newer one.
const handled = new Set<string>();
const latest = new Map<string, number>();

const server = createServer(async (request, response) => {
  let event: Event;
  try {
    // The raw bytes. Parsing and formatting them again would change what was signed.
    event = webhook.verify(await text(request), request.headers as Record<string, string>) as Event;
  } catch (error) {
    console.error(`refused: ${error instanceof Error ? error.message : error}`);
    response.writeHead(401).end();
    return;
  }
  console.log(handle(event));
  // Only 2xx confirms the delivery. Respond within 15 seconds and do longer work afterwards.
  response.writeHead(204).end();
});

function handle({ id, type, data }: Event): string {
  const { attributes } = data;
  const sequence = data.eventNumber ?? data.sequence ?? 0;
  if (handled.has(id)) return `${id} once more`;
  handled.add(id);
  if (sequence < (latest.get(data.id) ?? 0)) return `${id} out of date`;
  latest.set(data.id, sequence);
  return `${id} ${type} ${data.id} ${attributes.status ?? ""} ${attributes.resolutionCode ?? ""}`.trimEnd();
}

server.listen(Number(process.env.PORT ?? 9000), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
