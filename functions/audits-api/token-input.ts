import * as z from "zod";
import { isForm, readForm } from "../platform/form-body.ts";
import type { HttpRequest } from "../platform/http.ts";
import { httpError } from "../platform/http-error.ts";
import { readJson } from "../platform/json-body.ts";

const clientId = z.string("must be the id of an API key").describe("The id of an API key.");
const clientSecret = z.string("must be an API key").describe("The API key.");
const grantType = z.literal("client_credentials", "must be client_credentials");

/** A token request in the format of most of Kard's SDKs. */
export const tokenBody = z.object({
  client_id: clientId,
  client_secret: clientSecret,
  grant_type: grantType.optional(),
});

/**
 * A token request as a form. Kard's authentication guide sends the grant with a Basic header. Kard's SDK for Go sends
 * both credentials without a grant.
 */
export const tokenForm = z.object({
  grant_type: grantType.optional(),
  client_id: clientId.optional(),
  client_secret: clientSecret.optional(),
});

/** The client credentials of OAuth 2.0 (RFC 6749, 2.3.1 and 4.4). */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

/**
 * Reads the client credentials of a token request: in a JSON body, in a Basic header with a form, or in the form.
 *
 * @throws HttpError 400 for another grant or a missing credential; 413 and 415 as for every body
 */
export function readTokenRequest({ headers, body }: Pick<HttpRequest, "headers" | "body">): ClientCredentials {
  if (!isForm(body)) {
    const { client_id, client_secret } = readJson(tokenBody, body);
    return { clientId: client_id, clientSecret: client_secret };
  }
  const form = tokenForm.safeParse(Object.fromEntries(readForm(body)));
  const { grant_type, client_id, client_secret } = form.data ?? {};
  const hasCredentials = client_id !== undefined && client_secret !== undefined;
  if (!form.success || (grant_type === undefined && !hasCredentials))
    throw httpError(400, "send grant_type=client_credentials", { pointer: "/grant_type" });
  const ofHeader = readBasic(headers.authorization);
  if (ofHeader !== undefined) return ofHeader;
  if (hasCredentials) return { clientId: client_id, clientSecret: client_secret };
  const header = "Authorization";
  throw httpError(400, "send the key's id and the key: `Authorization: Basic base64(client_id:client_secret)`", {
    header,
  });
}

function readBasic(authorization = ""): ClientCredentials | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { clientId: id, clientSecret: secret.join(":") };
}
