/** How long a client may keep an access token before it asks for another, in seconds: what Kard's tokens have. */
const lifeSeconds = 3_600;

/** It separates a credential from the issuer that it is restricted to; neither keys nor JWTs contain it. */
const separator = "~";

/**
 * The access token of an API key: the key itself, so that revoking the key revokes its tokens. One that is restricted
 * to an issuer names it.
 */
export function accessTokenOf(apiKey: string, targetIssuer: string | undefined): string {
  if (targetIssuer === undefined) return apiKey;
  return apiKey + separator + Buffer.from(targetIssuer).toString("base64url");
}

/** The credential in a bearer token, and the issuer that it is restricted to, if it is. */
export function readAccessToken(token: string): { credential: string; targetIssuer: string | undefined } {
  const [credential = "", restriction] = token.split(separator, 2);
  const targetIssuer = restriction === undefined ? undefined : Buffer.from(restriction, "base64url").toString();
  return { credential, targetIssuer };
}

/** How long a token of a key that ends at `validUntil` (epoch milliseconds) can be used, in whole seconds. */
export function tokenLifeSeconds(validUntil: number | undefined, now: number): number {
  if (validUntil === undefined) return lifeSeconds;
  return Math.max(1, Math.min(lifeSeconds, Math.floor((validUntil - now) / 1_000)));
}
