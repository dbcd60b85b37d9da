import type { Clock } from "../core/shared/ports.ts";
import type { RateLimiter } from "../core/shared/rate-limiter.ts";
import type { Caller, CallResult, CircuitBreaker } from "./kard-circuit-breaker.ts";

/** An issuer's way to Kard during a tick. */
export interface IssuerCalls {
  readonly breaker: CircuitBreaker;
  /**
   * Makes a call in its turn. `stopped` instead when no call may be made any more, and when the call failed after the
   * circuit breaker had opened: then it says nothing of this audit.
   */
  call<Answer>(
    caller: Caller,
    send: () => Promise<Answer>,
    classify: (answer: Answer) => CallResult,
  ): Promise<Answer | "stopped">;
  isStopped(caller: Caller): boolean;
}

export interface KardCalls {
  /** Opens an issuer's way. Issuers that share a credential share its limiter. */
  open(options: { breaker: CircuitBreaker; limiter: RateLimiter }): IssuerCalls;
  /** Whether calls were left because the time was up. */
  ranOutOfTime(): boolean;
}

interface IssuerQueue {
  breaker: CircuitBreaker;
  limiter: RateLimiter;
  waiting: { caller: Caller; begin: () => void; stop: () => void }[];
  inFlight: number;
  /** The number of its last call among all calls that have begun. */
  servedAt: number;
}

/**
 * Makes the calls of all issuers, so many at once, each credential at its rate, and none after the time is up. The next
 * call is that of the issuer that has waited for the most calls of others, so whoever has work gets every n-th call of
 * n issuers. An issuer has no more than its share of the calls in flight, and may always have one: another's calls that
 * hang neither take its place nor keep it from beginning.
 */
export function kardCalls(options: {
  callsAtOnce: number;
  /** Epoch milliseconds after which no call begins. */
  stopAt: number;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}): KardCalls {
  const { callsAtOnce, stopAt, clock, sleep } = options;
  const issuers: IssuerQueue[] = [];
  /** Limiters whose next call has to wait, each with one timer. */
  const pacing = new Set<RateLimiter>();
  /** Limiters whose next call would begin after the time is up. */
  const exhausted = new Set<RateLimiter>();
  let inFlight = 0;
  let begun = 0;

  const isTimeUp = () => clock() >= stopAt;
  const isStopped = ({ breaker, limiter }: IssuerQueue, caller: Caller) =>
    isTimeUp() || exhausted.has(limiter) || breaker.isOpenTo(caller);

  const dropStopped = (issuer: IssuerQueue) => {
    const { waiting } = issuer;
    issuer.waiting = waiting.filter(({ caller }) => !isStopped(issuer, caller));
    for (const { caller, stop } of waiting) if (isStopped(issuer, caller)) stop();
  };

  const longestUnserved = () => {
    const busy = issuers.filter((issuer) => issuer.waiting.length > 0 || issuer.inFlight > 0);
    const share = Math.floor(callsAtOnce / busy.length);
    let next: IssuerQueue | undefined;
    for (const issuer of busy) {
      if (issuer.waiting.length === 0 || pacing.has(issuer.limiter)) continue;
      const isFull = issuer.breaker.state() === "probing" || inFlight >= callsAtOnce || issuer.inFlight >= share;
      if (isFull && issuer.inFlight > 0) continue;
      if (next === undefined || issuer.servedAt < next.servedAt) next = issuer;
    }
    return next;
  };

  const beginCalls = () => {
    if (isTimeUp()) return issuers.forEach(dropStopped);
    for (let issuer = longestUnserved(); issuer !== undefined; issuer = longestUnserved()) {
      const now = clock();
      const waitMs = issuer.limiter.waitMs(now);
      if (waitMs > 0) {
        pace(issuer.limiter, now, waitMs);
        continue;
      }
      issuer.limiter.take(now);
      issuer.servedAt = ++begun;
      issuer.inFlight++;
      inFlight++;
      issuer.waiting.shift()?.begin();
    }
  };

  const pace = (limiter: RateLimiter, now: number, waitMs: number) => {
    if (now + waitMs >= stopAt) {
      exhausted.add(limiter);
      return issuers.forEach(dropStopped);
    }
    pacing.add(limiter);
    void sleep(Math.ceil(waitMs)).then(() => {
      pacing.delete(limiter);
      beginCalls();
    });
  };

  return {
    ranOutOfTime: () => exhausted.size > 0 || isTimeUp(),
    open({ breaker, limiter }) {
      const issuer: IssuerQueue = { breaker, limiter, waiting: [], inFlight: 0, servedAt: 0 };
      issuers.push(issuer);
      const land = (caller: Caller, result: CallResult) => {
        breaker.record(caller, result);
        issuer.inFlight--;
        inFlight--;
        if (breaker.isOpenTo(caller)) dropStopped(issuer);
        beginCalls();
      };
      return {
        breaker,
        isStopped: (caller) => isStopped(issuer, caller),
        call<Answer>(caller: Caller, send: () => Promise<Answer>, classify: (answer: Answer) => CallResult) {
          return new Promise<Answer | "stopped">((resolve, reject) => {
            const answered = (answer: Answer) => {
              const result = classify(answer);
              resolve(result.result === "failed" && breaker.state() === "open" ? "stopped" : answer);
              land(caller, result);
            };
            const failed = (error: unknown) => {
              reject(error);
              land(caller, { result: "failed", reason: "unreachable" });
            };
            issuer.waiting.push({
              caller,
              begin: () => void send().then(answered, failed),
              stop: () => resolve("stopped"),
            });
            if (isStopped(issuer, caller)) dropStopped(issuer);
            else beginCalls();
          });
        },
      };
    },
  };
}
