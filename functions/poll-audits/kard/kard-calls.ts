import type { Clock } from "../../core/shared/ports.ts";
import type { RateLimiter } from "../../core/shared/rate-limiter.ts";
import type { Caller, CallResult, CircuitBreaker } from "./kard-circuit-breaker.ts";

/** An issuer's calls to Kard during a tick. */
export interface IssuerCalls {
  readonly breaker: CircuitBreaker;
  /**
   * Makes a call in its turn. Returns `stopped` if no call may be made any more, or if the call failed after the
   * circuit breaker opened: then it says nothing about this audit.
   */
  call<Response>(
    caller: Caller,
    send: () => Promise<Response>,
    classify: (response: Response) => CallResult,
  ): Promise<Response | "stopped">;
  isStopped(caller: Caller): boolean;
}

export interface KardCalls {
  /** Opens the queue of an issuer. Issuers with the same credential share a limiter. */
  open(options: { breaker: CircuitBreaker; limiter: RateLimiter }): IssuerCalls;
  /** Whether calls were not made because the time was up. */
  ranOutOfTime(): boolean;
}

interface IssuerQueue {
  breaker: CircuitBreaker;
  limiter: RateLimiter;
  waiting: { caller: Caller; begin: () => void; stop: () => void }[];
  inFlight: number;
  /** The sequence number of its last started call. */
  servedAt: number;
}

/**
 * Schedules the calls of all issuers: a limited number at once, each credential at its rate, and none after `stopAt`.
 * The next call belongs to the issuer for which most other calls were made since its last one, so n busy issuers each
 * get every n-th call. An issuer may have its share of the calls in flight, and always at least one. So hanging calls
 * of one issuer do not block another.
 */
export function kardCalls(options: {
  callsAtOnce: number;
  /** No call starts after this time, in epoch milliseconds. */
  stopAt: number;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}): KardCalls {
  const { callsAtOnce, stopAt, clock, sleep } = options;
  /** The issuers with waiting calls or calls in flight. */
  const busy = new Set<IssuerQueue>();
  /** Limiters whose next call must wait. Each has one timer. */
  const waitingLimiters = new Set<RateLimiter>();
  /** Limiters whose next call would start after `stopAt`. */
  const exhausted = new Set<RateLimiter>();
  let inFlight = 0;
  let begun = 0;

  const isTimeUp = () => clock() >= stopAt;
  const isStopped = ({ breaker, limiter }: IssuerQueue, caller: Caller) =>
    isTimeUp() || exhausted.has(limiter) || breaker.isOpenTo(caller);

  const dropStopped = (issuer: IssuerQueue) => {
    const { waiting } = issuer;
    issuer.waiting = waiting.filter(({ caller }) => !isStopped(issuer, caller));
    leaveIfIdle(issuer);
    for (const { caller, stop } of waiting) if (isStopped(issuer, caller)) stop();
  };

  const leaveIfIdle = (issuer: IssuerQueue) => {
    if (issuer.waiting.length === 0 && issuer.inFlight === 0) busy.delete(issuer);
  };

  const nextIssuer = () => {
    const share = Math.floor(callsAtOnce / busy.size);
    let next: IssuerQueue | undefined;
    for (const issuer of busy) {
      if (issuer.waiting.length === 0 || waitingLimiters.has(issuer.limiter)) continue;
      const isFull = issuer.breaker.state() === "probing" || inFlight >= callsAtOnce || issuer.inFlight >= share;
      if (isFull && issuer.inFlight > 0) continue;
      if (next === undefined || issuer.servedAt < next.servedAt) next = issuer;
    }
    return next;
  };

  const beginCalls = () => {
    if (isTimeUp()) return busy.forEach(dropStopped);
    for (let issuer = nextIssuer(); issuer !== undefined; issuer = nextIssuer()) {
      const now = clock();
      const waitMs = issuer.limiter.waitMs(now);
      if (waitMs > 0) {
        waitForSlot(issuer.limiter, now, waitMs);
        continue;
      }
      issuer.limiter.take(now);
      issuer.servedAt = ++begun;
      issuer.inFlight++;
      inFlight++;
      issuer.waiting.shift()?.begin();
    }
  };

  const waitForSlot = (limiter: RateLimiter, now: number, waitMs: number) => {
    if (now + waitMs >= stopAt) {
      exhausted.add(limiter);
      return busy.forEach(dropStopped);
    }
    waitingLimiters.add(limiter);
    void sleep(Math.ceil(waitMs)).then(() => {
      waitingLimiters.delete(limiter);
      beginCalls();
    });
  };

  return {
    ranOutOfTime: () => exhausted.size > 0 || isTimeUp(),
    open({ breaker, limiter }) {
      const issuer: IssuerQueue = { breaker, limiter, waiting: [], inFlight: 0, servedAt: 0 };
      const finishCall = (caller: Caller, result: CallResult) => {
        breaker.record(caller, result);
        issuer.inFlight--;
        inFlight--;
        if (breaker.isOpenTo(caller)) dropStopped(issuer);
        leaveIfIdle(issuer);
        beginCalls();
      };
      return {
        breaker,
        isStopped: (caller) => isStopped(issuer, caller),
        call<Response>(caller: Caller, send: () => Promise<Response>, classify: (response: Response) => CallResult) {
          return new Promise<Response | "stopped">((resolve, reject) => {
            const answered = (response: Response) => {
              const result = classify(response);
              resolve(result.result === "failed" && breaker.state() === "open" ? "stopped" : response);
              finishCall(caller, result);
            };
            const failed = (error: unknown) => {
              reject(error);
              finishCall(caller, { result: "failed", reason: "unreachable" });
            };
            // A follow-up reads many pages, and keeps none if calls end before the last. So begun ones come first.
            issuer.waiting[caller === "follow-up" ? "unshift" : "push"]({
              caller,
              begin: () => void send().then(answered, failed),
              stop: () => resolve("stopped"),
            });
            busy.add(issuer);
            if (isStopped(issuer, caller)) dropStopped(issuer);
            else beginCalls();
          });
        },
      };
    },
  };
}
