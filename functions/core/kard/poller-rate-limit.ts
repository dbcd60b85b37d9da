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
  const idle = { last: Promise.resolve(), waiting: 0 };
  const queues = new Map<string, { last: Promise<void>; waiting: number; limiter: RateLimiter }>();

  return async (organizationId) => {
    const { credentialId } = await deps.credentials.credentialIdentityFor(organizationId);
    const queue = queues.get(credentialId) ?? { ...idle, limiter: rateLimiter(deps.callsPerSecond) };
    queues.set(credentialId, queue);
    const now = clock();
    if (queue.waiting === 0 && queue.limiter.waitMs(now) === 0) {
      queue.limiter.take(now);
      return true;
    }
    queue.waiting++;
    queue.last = queue.last.then(async () => {
      const waitMs = queue.limiter.waitMs(clock());
      if (waitMs > 0) await sleep(Math.ceil(waitMs));
      queue.limiter.take(clock());
      queue.waiting--;
    });
    await queue.last;
    return true;
  };
}
