import type { Authenticated, Caller } from "./caller.ts";

/** Finds out who presents a text; `undefined` is nobody we know. */
export type Identify = (text: string) => Promise<Caller | undefined>;

/** Counts a request; `undefined` admits it, else the seconds after which to try again. */
type Limit = (id: string) => number | undefined;

/**
 * Finds out who makes a request, and whether the caller, or all callers of the issuer together, make too many. Unknown,
 * wrong and malformed credentials are answered alike and use up nobody's requests.
 *
 * @returns asked at each request; `organizationId` is the issuer that it names, if it names one
 */
export function authenticator(deps: {
  identify: readonly Identify[];
  limitCaller: Limit;
  limitIssuer: Limit;
}): (authorization: string | undefined, organizationId?: string) => Promise<Authenticated> {
  return async (authorization, organizationId) => {
    const text = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (text === undefined) return { outcome: "unknown" };
    for (const identify of deps.identify) {
      const caller = await identify(text);
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

/** The issuer that a request counts for: one that is not the caller's own must not lose requests by it. */
function issuerOf({ organizations }: Caller, named: string | undefined): string | undefined {
  if (named !== undefined) return organizations.includes(named) ? named : undefined;
  return organizations.length === 1 ? organizations[0] : undefined;
}
