import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import * as z from "zod";
import { scope } from "../../core/access/api-key.ts";
import type { Identify } from "../../core/access/authenticate.ts";
import type { Caller } from "../../core/access/caller.ts";
import type { IdentityProvider } from "../../core/access/identity-provider.ts";
import type { Clock } from "../../core/shared/ports.ts";
import { identifier } from "../../core/shared/text.ts";

/** A fixed list, not the token's choice (RFC 8725, 3.1). Only signatures by key pairs, none by a shared secret. */
const algorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

/** The allowed difference between the provider's clock and ours, in seconds. */
const clockToleranceSeconds = 30;

const jwksTiming = { timeoutDuration: 3_000, cacheMaxAge: 600_000, cooldownDuration: 30_000 };

/** Errors of the token itself, not of this system or the provider's keys. */
const tokenFaults = new Set(
  [
    ...[errors.JWSInvalid, errors.JWTInvalid, errors.JWTExpired, errors.JWTClaimValidationFailed],
    ...[errors.JWSSignatureVerificationFailed, errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys],
    ...[errors.JOSEAlgNotAllowed, errors.JOSENotSupported],
  ].map(({ code }) => code),
);

/** The limit of organizations: a legacy call without an issuer searches each of them. */
const maxOrganizations = 100;

const subject = z.string().min(1).max(255);
const organizations = z
  .union([identifier.transform((one) => [one]), z.array(identifier).min(1).max(maxOrganizations)])
  .transform((all) => [...new Set(all)]);
const scopes = z
  .union([z.string().transform((text) => text.split(" ")), z.array(z.string())])
  .transform((names) => names.flatMap((name) => scope.safeParse(name).data ?? []));

/**
 * Authenticates identity tokens (JWT, RFC 7519). The provider's keys are fetched every ten minutes, and for an unknown
 * key at most every 30 seconds. Unknown scopes are ignored.
 *
 * @throws if the provider's keys cannot be fetched
 */
export function identityTokens(provider: IdentityProvider, clock: Clock): Identify {
  const keys = createRemoteJWKSet(new URL(provider.jwksUrl), jwksTiming);
  return async (text) => {
    if (text.split(".").length !== 3) return undefined;
    try {
      const { payload } = await jwtVerify(text, keys, {
        issuer: provider.issuer,
        audience: provider.audience,
        algorithms,
        requiredClaims: ["exp", "sub"],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(clock()),
      });
      return callerOf(payload, provider);
    } catch (error) {
      if (error instanceof errors.JOSEError && tokenFaults.has(error.code)) return undefined;
      throw error;
    }
  };
}

function callerOf(payload: JWTPayload, provider: IdentityProvider): Caller | undefined {
  const claims = z.object({ subject, organizations, scopes }).safeParse({
    subject: payload.sub,
    organizations: payload[provider.organizationsClaim],
    scopes: payload[provider.scopesClaim],
  });
  if (!claims.success) return undefined;
  const { subject: sub, ...rights } = claims.data;
  return { callerId: `sub:${sub}`, ...rights };
}
