import type { HttpRequest } from "../platform/http.ts";
import { httpError } from "../platform/http-error.ts";

/** The header by which Kard itself lets a client name the issuer it acts for. */
const targetIssuer = "x-kard-target-issuer";

/**
 * The organization that a legacy call is for: its path names none. It is the key's only one, or the one that the header
 * `X-Kard-Target-Issuer` names.
 *
 * @throws HttpError 400 where the key has several and none is named, 404 for one that is not the key's
 */
export function callersOrganization({ caller, headers }: HttpRequest): string {
  const named = headers[targetIssuer];
  if (named !== undefined) {
    if (caller.organizations.includes(named)) return named;
    throw httpError(404, "there is no such issuer", { header: targetIssuer });
  }
  const [only, ...others] = caller.organizations;
  if (only === undefined || others.length > 0) {
    throw httpError(400, "this API key has several issuers: name one in X-Kard-Target-Issuer", {
      header: targetIssuer,
    });
  }
  return only;
}
