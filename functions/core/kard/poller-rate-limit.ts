import type { Clock } from "../shared/ports.ts";
import { type RateLimiter, rateLimiter } from "../shared/rate-limiter.ts";
import type { Admit } from "./interactive-rate-limit.ts";
import type { KardCredentials } from "./ports.ts";

/**
 * Has the requests by each credential start evenly, in order. A call makes more requests than one where its token is
 * refused or a lost audit is looked for, and calls that have waited for a token go on together: neither exceeds the
 * rate.
 */
export function pollerRateLimit(deps: {
  credentials: KardCredentials;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  /** Requests by one credential. */
  callsPerSecond: number;
}): Admit {
  const { clock, sleep } = deps;
  const queues = new Map<string, { last: Promise<void>; limiter: RateLimiter }>();

  return async (organizationId) => {
    const { credentialId } = await deps.credentials.credentialIdentityFor(organizationId);
    const queue = queues.get(credentialId) ?? { last: Promise.resolve(), limiter: rateLimiter(deps.callsPerSecond) };
    queues.set(credentialId, queue);
    queue.last = queue.last.then(async () => {
      const waitMs = queue.limiter.waitMs(clock());
      if (waitMs > 0) await sleep(Math.ceil(waitMs));
      queue.limiter.take(clock());
    });
    await queue.last;
    return true;
  };
}
