import type * as z from "zod";
import { accessTokenOf, tokenLifeSeconds } from "../core/access/access-token.ts";
import { parseApiKey } from "../core/access/api-key.ts";
import type { Authenticated } from "../core/access/caller.ts";
import type { Clock } from "../core/shared/ports.ts";
import { errorObject, HttpError, httpError, tooManyRequests } from "../platform/http-error.ts";
import type { tokenShape } from "./audit-shapes.ts";
import type { ClientCredentials } from "./token-input.ts";

export interface IssueTokenDeps {
  /** Authenticates an Authorization header, in a request about an issuer if it names one. */
  authenticate: (authorization: string, organizationId: string | undefined) => Promise<Authenticated>;
  clock: Clock;
}

/**
 * Kard's token endpoint for API keys.
 *
 * @param targetIssuer the only issuer of the token, if the key has several
 * @throws HttpError 401 for an unknown, wrong, expired or revoked key; 404 for an issuer that is not the key's; 429
 */
export function issueToken({ authenticate, clock }: IssueTokenDeps) {
  return async (
    { clientId, clientSecret }: ClientCredentials,
    targetIssuer: string | undefined,
  ): Promise<z.infer<typeof tokenShape>> => {
    if (parseApiKey(clientSecret)?.keyId !== clientId) throw wrongCredentials();
    const authenticated = await authenticate(`Bearer ${clientSecret}`, targetIssuer);
    switch (authenticated.outcome) {
      case "unknown":
        throw wrongCredentials();
      case "throttled":
        throw tooManyRequests(authenticated.retryAfterSeconds, "too many requests by this API key");
      case "known": {
        const { organizations, validUntil } = authenticated.caller;
        if (targetIssuer !== undefined && !organizations.includes(targetIssuer))
          throw httpError(404, "there is no such issuer", { header: "X-Kard-Target-Issuer" });
        return {
          access_token: accessTokenOf(clientSecret, targetIssuer),
          expires_in: tokenLifeSeconds(validUntil, clock()),
          token_type: "Bearer",
        };
      }
    }
  };
}

/** RFC 6749, 5.2: the challenge has the scheme that clients may use here. */
function wrongCredentials(): HttpError {
  const detail = "client_id must be the id of a valid API key, and client_secret the key";
  return new HttpError(401, [errorObject(401, detail)], { "www-authenticate": "Basic" });
}
