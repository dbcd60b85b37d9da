import type { Clock } from "../shared/ports.ts";
import { type RateLimiter, rateLimiter } from "../shared/rate-limiter.ts";
import type { Admit } from "./interactive-rate-limit.ts";
import type { KardCredentials } from "./ports.ts";

/**
 * Spaces the poller's requests by each credential evenly, in order. This is needed in addition to the limiter of calls:
 * a call makes several requests if its token is refused or a lost audit is searched, and calls that waited for a token
 * continue at once.
 */
export function pollerRateLimit(deps: {
  credentials: KardCredentials;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  /** Requests per second by one credential. */
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
