import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { RequestCounts } from "../state/request-counts.ts";
import { type Fault, nextFault, type SandboxSettings } from "../state/settings.ts";
import type { SandboxTokens } from "../state/tokens.ts";
import { applyResponseVariant } from "./response-variants.ts";
import { type SandboxResponse, styledError } from "./responses.ts";
import { matchRoute, type Route } from "./routes.ts";

interface ServerOptions {
  routes: readonly Route[];
  tokens: SandboxTokens;
  requests: RequestCounts;
  settings: () => SandboxSettings;
  random: () => number;
  closing: AbortSignal;
}

/** The HTTP server: finds the route, injects faults, checks the token and answers. */
export function createSandboxServer(options: ServerOptions): Server {
  return createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      response.destroy();
      if (!options.closing.aborted && !request.destroyed) throw error;
    });
  });
}

async function serve(options: ServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { routes, tokens, requests, settings, random, closing } = options;
  const [rawPath = "", search = ""] = (request.url ?? "").split("?", 2);
  const body = request.method === "GET" ? "" : await text(request);
  const matched = matchRoute(routes, request.method ?? "", rawPath);
  if (matched === undefined) return send(response, styledError("v2", 404, "There is no such path"));
  const { route, params } = matched;
  const call = { params, query: new URLSearchParams(search), headers: request.headers, body, issuer: null };
  if (route.name === undefined) return send(response, route.respond(call));

  requests.count(route.name);
  const fault = nextFault(settings(), route.name, random);
  if (settings().latencyMs > 0) await delay(settings().latencyMs, undefined, { signal: closing });
  if (fault === "dropConnection") return void response.destroy();
  const failure = fault && failureResponse(fault, route, settings());
  if (failure) return send(response, failure, settings());

  const issuer = route.needsToken === true ? tokens.check(request.headers.authorization) : null;
  const foreign = issuer !== null && params.organizationId !== undefined && issuer !== params.organizationId;
  if (issuer === undefined || foreign) return send(response, styledError(route.style, 401, "Unauthorized"));
  const sent = applyResponseVariant(settings().responseVariants, route.name, route.respond({ ...call, issuer }));
  if (fault === "dropAfterEffect") return void response.destroy();
  send(response, sent, settings());
}

function failureResponse(
  fault: Fault,
  { style }: Route,
  { retryAfterSeconds }: SandboxSettings,
): SandboxResponse | undefined {
  if (fault === "outage") return styledError(style, 503, "Kard is down");
  if (fault === "unauthorized") return styledError(style, 401, "Unauthorized");
  if (fault === "status5xx") return styledError(style, 500, "Something went wrong");
  if (fault !== "status429") return undefined;
  const headers: Record<string, string> =
    retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) };
  return { ...styledError(style, 429, "Too many requests"), headers };
}

function send(
  response: ServerResponse,
  { status, json, headers = {} }: SandboxResponse,
  settings?: SandboxSettings,
): void {
  const asText = typeof json === "string" && settings?.plainTextErrors === true;
  const content = json === undefined ? "" : asText ? json : JSON.stringify(json);
  const type = asText ? "text/plain; charset=utf-8" : "application/json";
  response.writeHead(status, { ...(content !== "" && { "content-type": type }), ...headers }).end(content);
}
