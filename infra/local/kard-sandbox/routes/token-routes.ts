import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import { parseBody } from "../http/requests.ts";
import { type SandboxResponse, v2Error } from "../http/responses.ts";
import type { Call, Route } from "../http/routes.ts";
import type { SandboxSettings } from "../state/settings.ts";
import type { SandboxTokens } from "../state/tokens.ts";

interface Client {
  id: string;
  secret: string;
}

/** As Kard's SDKs send it. */
const jsonRequest = z.object({ client_id: z.string(), client_secret: z.string() });

/**
 * Kard's two documented ways to a token (OAuth 2.0 client credentials), and the ping of its reference. The guide sends
 * a Basic header and a form, the SDKs a JSON body.
 */
export function tokenRoutes(options: {
  tokens: SandboxTokens;
  clientId: string;
  clientSecret: string;
  settings: () => SandboxSettings;
}): Route[] {
  const { tokens, clientId, clientSecret, settings } = options;

  function respond(call: Call): SandboxResponse {
    const { tokenRequests, tokenLifeSeconds } = settings();
    const isJson = call.headers["content-type"]?.startsWith("application/json") ?? false;
    if (!tokenRequests.includes(isJson ? "json" : "form")) {
      return v2Error(400, "This kind of token request is not accepted here");
    }
    const client = isJson ? clientOfJson(call.body) : clientOfForm(call.headers, call.body);
    if ("status" in client) return client;
    if (client.id !== clientId) return v2Error(404, "There is no such client");
    if (client.secret !== clientSecret) return v2Error(401, "The client's credentials are wrong");
    const issuer = call.headers["x-kard-target-issuer"];
    const token = tokens.issue(typeof issuer === "string" ? issuer : undefined, tokenLifeSeconds);
    return { status: 200, json: { access_token: token, expires_in: tokenLifeSeconds, token_type: "Bearer" } };
  }

  return [
    { name: "ping", method: "GET", path: "/v2/ping", style: "v2", respond: pong },
    { name: "token", method: "POST", path: "/v2/auth/token", style: "v2", respond },
  ];
}

function pong(): SandboxResponse {
  return { status: 200, json: { message: "pong", status: "ok", timestamp: new Date().toISOString() } };
}

function clientOfJson(body: string): Client | SandboxResponse {
  const parsed = parseBody(jsonRequest, body);
  if (!parsed.valid) return v2Error(400, "client_id and client_secret are required");
  return { id: parsed.value.client_id, secret: parsed.value.client_secret };
}

function clientOfForm(headers: IncomingHttpHeaders, body: string): Client | SandboxResponse {
  const [, encoded] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
  if (encoded === undefined) {
    return v2Error(400, "The Authorization header is missing", { source: { header: "Authorization" } });
  }
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  if (!isForm || new URLSearchParams(body).get("grant_type") !== "client_credentials") {
    return v2Error(400, "The grant type must be client_credentials");
  }
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return { id, secret: secret.join(":") };
}
