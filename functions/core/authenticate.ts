import type { Authenticated, Caller } from "./caller.ts";

/** Finds out who presents a text; `undefined` is nobody we know. */
export type Identify = (text: string) => Promise<Caller | undefined>;

/**
 * Finds out who makes a request, and whether it makes too many. Unknown, wrong and malformed credentials are told apart by
 * nobody, and use up nobody's requests.
 */
export function authenticator(deps: {
  identify: readonly Identify[];
  limit: (callerId: string) => number | undefined;
}): (authorization: string | undefined) => Promise<Authenticated> {
  return async (authorization) => {
    const text = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (text === undefined) return { outcome: "unknown" };
    for (const identify of deps.identify) {
      const caller = await identify(text);
      if (caller === undefined) continue;
      const retryAfterSeconds = deps.limit(caller.callerId);
      return retryAfterSeconds === undefined
        ? { outcome: "known", caller }
        : { outcome: "throttled", retryAfterSeconds };
    }
    return { outcome: "unknown" };
  };
}
