import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { timesLonger } from "../lambda/machine-load.ts";
import { readBody } from "../protocol/http-server.ts";
import type { HttpApiDefinition } from "./http-api-definition.ts";
import { decodePath } from "./http-path.ts";
import { type ProxiedResponse, proxyEvent, proxyResponse } from "./http-payload.ts";
import { createRouter } from "./http-routes.ts";

/**
 * AWS: quotas for HTTP APIs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const bodyLimit = 10 * 1024 * 1024;
/**
 * The request line and the values of all headers (same quotas). AWS does not document the status, which was observed:
 * https://backbencher.dev/solved-431-status-code-with-request-header-fields-too-large
 */
const headLimit = 10_240;
/**
 * AWS: Lambda quotas, synchronous request and response.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const payloadLimit = 6 * 1024 * 1024;

/** Responses one request of a Node.js HTTP server. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves an HTTP API as a handler of a local server.
 * @param onRefused receives routes whose function API Gateway may not invoke.
 */
export function createHttpApi(
  { apiId, account, routes }: HttpApiDefinition,
  onRefused: (functionName: string, message: string) => void,
): HttpHandler {
  const findRoute = createRouter(routes);

  async function respond(
    request: IncomingMessage,
    at: Date,
    requestId: string,
    abandoned: AbortSignal,
  ): Promise<ProxiedResponse> {
    const method = request.method ?? "GET";
    if (headSize(request) > headLimit) return message(431, "Request Header Fields Too Large");
    const [sentPath = "/", ...rest] = (request.url ?? "/").split("?");
    const path = decodePath(sentPath);
    if (path === undefined) return message(400, "Bad Request");
    const match = findRoute(method, path);
    if (match === undefined) return message(404, "Not Found");
    const { fn, permitted, routeKey, timeoutMs } = match.route;
    const body = await readBody(request, bodyLimit);
    if (body === undefined) return message(413, "Request Entity Too Large");
    if (!permitted) {
      onRefused(fn.name, `API Gateway may not invoke ${fn.name} for ${routeKey}: no Lambda permission allows it`);
      return message(500, "Internal Server Error");
    }
    const { headers, socket } = request;
    const { pathParameters } = match;
    const event = proxyEvent({
      ...{ apiId, account, routeKey, pathParameters, at, requestId },
      ...{ method, path, rawQuery: rest.join("?"), headers, body },
      sourceIp: socket.remoteAddress ?? "127.0.0.1",
    });
    // Observed for REST APIs: https://github.com/koki-develop/lgtm-generator/issues/10
    if (Buffer.byteLength(JSON.stringify(event)) > payloadLimit) return message(413, "Request Entity Too Large");
    const outcome = await withTimeout((onStart) => fn.invoke(event, [], onStart, abandoned), timeoutMs);
    if (outcome === "timeout") fn.noteLimit(`${timeoutMs} ms of API Gateway for ${routeKey}`);
    if (outcome === "timeout" || outcome.status === "throttled") return message(503, "Service Unavailable");
    if (outcome.status !== "succeeded" || Buffer.byteLength(outcome.payload) > payloadLimit) {
      return message(500, "Internal Server Error");
    }
    return proxyResponse(outcome.payload) ?? message(500, "Internal Server Error");
  }

  return (request, response) => {
    const requestId = randomUUID();
    const abandoned = new AbortController();
    response.once("close", () => abandoned.abort());
    function send({ status, headers, body }: ProxiedResponse) {
      if (response.destroyed) return;
      // The rest of a refused body stays unread, so the connection cannot be reused.
      if (!request.complete) response.setHeader("connection", "close");
      const length = [204, 304].includes(status) ? {} : { "content-length": body.length };
      response.writeHead(status, { ...headers, ...length, "apigw-requestid": requestId });
      response.end(request.method === "HEAD" ? undefined : body);
    }
    respond(request, new Date(), requestId, abandoned.signal)
      .then(send)
      .catch(() => send(message(500, "Internal Server Error")));
  };
}

function headSize({ method = "", url = "", rawHeaders }: IncomingMessage): number {
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  return [`${method} ${url} HTTP/1.1`, ...values].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function message(status: number, text: string): ProxiedResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ message: text })),
  };
}

/**
 * The time counts from the start of the work, because a function may start slowly on a busy machine. On such a machine
 * the limit is longer.
 */
async function withTimeout<Value>(
  work: (onStart: () => void) => Promise<Value>,
  ms: number,
): Promise<Value | "timeout"> {
  const { promise, resolve } = Promise.withResolvers<"timeout">();
  let timer: NodeJS.Timeout | undefined;
  const onStart = () => {
    timer = setTimeout(() => resolve("timeout"), ms * timesLonger());
  };
  return Promise.race([work(onStart), promise]).finally(() => clearTimeout(timer));
}
