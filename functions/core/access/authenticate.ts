import { readAccessToken } from "./access-token.ts";
import type { Authenticated, Caller } from "./caller.ts";

/** Authenticates a bearer token; `undefined` if it is not valid. */
export type Identify = (text: string) => Promise<Caller | undefined>;

/** Counts a request. `undefined` admits it; a number is the seconds until the next try. */
type Limit = (id: string) => number | undefined;

/**
 * Authenticates requests and applies the rate limits of the caller and of the issuer. Invalid credentials all get the
 * same response and count against no limit.
 *
 * @returns a function called per request; `organizationId` is the issuer in the request's path, if any
 */
export function authenticator(deps: {
  identify: readonly Identify[];
  limitCaller: Limit;
  limitIssuer: Limit;
}): (authorization: string | undefined, organizationId?: string) => Promise<Authenticated> {
  return async (authorization, organizationId) => {
    const text = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (text === undefined) return { outcome: "unknown" };
    const { credential, targetIssuer } = readAccessToken(text);
    for (const identify of deps.identify) {
      const caller = restricted(await identify(credential), targetIssuer);
      if (caller === undefined) continue;
      const issuer = issuerOf(caller, organizationId);
      const retryAfterSeconds =
        deps.limitCaller(caller.callerId) ?? (issuer === undefined ? undefined : deps.limitIssuer(issuer));
      return retryAfterSeconds === undefined
        ? { outcome: "known", caller }
        : { outcome: "throttled", retryAfterSeconds };
    }
    return { outcome: "unknown" };
  };
}

/** Restricts a caller to the token's issuer; `undefined` if the issuer is not the caller's. */
function restricted(caller: Caller | undefined, targetIssuer: string | undefined): Caller | undefined {
  if (caller === undefined || targetIssuer === undefined) return caller;
  return caller.organizations.includes(targetIssuer) ? { ...caller, organizations: [targetIssuer] } : undefined;
}

/** The issuer that a request counts against. Another caller's issuer must not lose requests to it. */
function issuerOf({ organizations }: Caller, named: string | undefined): string | undefined {
  if (named !== undefined) return organizations.includes(named) ? named : undefined;
  return organizations.length === 1 ? organizations[0] : undefined;
}
