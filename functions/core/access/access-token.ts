/** The lifetime of an access token, in seconds: the same as Kard's. */
const lifeSeconds = 3_600;

/** Separates a credential from its issuer. Neither keys nor JWTs contain it. */
const separator = "~";

/**
 * The access token of an API key: the key itself, so that revoking the key revokes its tokens. A token for one issuer
 * contains the issuer.
 */
export function accessTokenOf(apiKey: string, targetIssuer: string | undefined): string {
  if (targetIssuer === undefined) return apiKey;
  return apiKey + separator + Buffer.from(targetIssuer).toString("base64url");
}

/** The credential in a bearer token, and its issuer, if it has one. */
export function readAccessToken(token: string): { credential: string; targetIssuer: string | undefined } {
  const [credential = "", restriction] = token.split(separator, 2);
  const targetIssuer = restriction === undefined ? undefined : Buffer.from(restriction, "base64url").toString();
  return { credential, targetIssuer };
}

/** The remaining lifetime of a token of a key that expires at `validUntil` (epoch milliseconds), in whole seconds. */
export function tokenLifeSeconds(validUntil: number | undefined, now: number): number {
  if (validUntil === undefined) return lifeSeconds;
  return Math.max(1, Math.min(lifeSeconds, Math.floor((validUntil - now) / 1_000)));
}
