import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import { type Contract, contracts } from "./kard-operations.ts";
import { text } from "./kard-schemas.ts";

/**
 * Kard's API by its reference: a strict check of every request and response. It is written from Kard's documents and
 * shares no code with the client. Each check throws with the reason.
 */

function contractFor(method: string, path: string): Contract {
  const found = contracts.find((contract) => contract.method === method && contract.path.test(path));
  if (found === undefined) throw new Error(`Kard has no ${method} ${path}`);
  return found;
}

/** Checks a request by Kard's reference. `path` has no query. */
export function checkKardRequest(method: string, path: string, headers: IncomingHttpHeaders, body: string): void {
  const { request } = contractFor(method, path);
  const authorization = headers.authorization ?? "";
  if (path === "/v2/auth/token") {
    // Kard's SDKs.
    if (headers["content-type"] === "application/json")
      return void z.strictObject({ client_id: text, client_secret: text }).parse(JSON.parse(body));
    z.string()
      .regex(/^Basic [A-Za-z0-9+/]+=*$/)
      .parse(authorization);
    z.literal("application/x-www-form-urlencoded").parse(headers["content-type"]);
    z.literal("grant_type=client_credentials").parse(body);
    return;
  }
  z.string()
    .regex(/^Bearer \S+$/)
    .parse(authorization);
  if (request === undefined) return void z.literal("").parse(body);
  z.literal("application/json").parse(headers["content-type"]);
  request.parse(JSON.parse(body));
}

/** Checks a response by Kard's reference. Bare strings may be JSON or plain text. */
export function checkKardResponse(
  method: string,
  path: string,
  status: number,
  contentType: string | undefined,
  body: string,
): void {
  const schema = contractFor(method, path).responses[status];
  if (schema === undefined) throw new Error(`Kard's ${method} ${path} has no ${status}`);
  schema.parse(contentType?.startsWith("application/json") ? JSON.parse(body) : body);
}
