import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * A stand-in for the table that answers at once: what is measured is the function and not an emulator that shares its
 * cores. Of DynamoDB it knows what delivering asks for: it gives the last item that was put, and counts what is written
 * in batches. Run as a process of its own, it tells its port to its parent; a GET shows the counts and begins anew.
 */
let item: unknown;
let written = { requests: 0, items: 0 };

async function answer(request: IncomingMessage): Promise<object> {
  if (request.method === "GET") {
    const counts = written;
    written = { requests: 0, items: 0 };
    return counts;
  }
  const input = JSON.parse(await text(request)) as { Item?: unknown; RequestItems?: Record<string, unknown[]> };
  switch (`${request.headers["x-amz-target"]}`.split(".")[1]) {
    case "PutItem":
      item = input.Item;
      return {};
    case "GetItem":
      return { Item: item };
    case "BatchWriteItem":
      written.requests++;
      written.items += Object.values(input.RequestItems ?? {}).flat().length;
      return { UnprocessedItems: {} };
    default:
      throw new Error(`the stand-in for the table does not know ${request.headers["x-amz-target"]}`);
  }
}

const server = createServer(async (request, response) => {
  const body = JSON.stringify(await answer(request));
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": body.length }).end(body);
});

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
