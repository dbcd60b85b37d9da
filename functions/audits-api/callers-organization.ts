import type { HttpRequest } from "../platform/http.ts";
import { httpError } from "../platform/http-error.ts";

/** Kard's header for the issuer that a client acts for. */
const targetIssuer = "x-kard-target-issuer";

/**
 * The organization of a legacy call, whose path has none. It is the key's only organization, or the one in
 * `X-Kard-Target-Issuer`.
 *
 * @throws HttpError 400 if the key has several and the header is missing, 404 if the organization is not the key's
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

/**
 * The organizations in which a legacy call looks for an audit: the one in `X-Kard-Target-Issuer`, otherwise all of the
 * key's.
 *
 * @throws HttpError 404 if the organization in the header is not the key's
 */
export function callersOrganizations(request: HttpRequest): readonly string[] {
  return request.headers[targetIssuer] === undefined ? request.caller.organizations : [callersOrganization(request)];
}
