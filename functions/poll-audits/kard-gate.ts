import { pacer } from "../core/pacer.ts";
import type { Clock } from "../core/ports.ts";

/** Why a tick asks Kard nothing more. */
export type StopReason = "time-is-up" | "throttled" | "unauthorized" | "outage";

/** What an answer says of Kard. The last two may be this audit's own trouble or everyone's. */
export type Verdict = "answered" | "throttled" | "unauthorized" | "no-answer";

/** Whose call it is: of an audit of the plan, or of one that has been in trouble before. */
type Caller = "plan" | "troubled";

export interface KardGate {
  /**
   * Makes a call in its turn. `stopped` instead when Kard is to be asked nothing more, and when the call failed after an
   * outage had been found: then it says nothing of this audit.
   */
  pass<Answer>(
    caller: Caller,
    call: () => Promise<Answer>,
    judge: (answer: Answer) => Verdict,
  ): Promise<Answer | "stopped">;
  stopReason(): StopReason | undefined;
  /** How many calls have been let in. */
  calls(): number;
  /** Settles once Kard has answered a first call, or is to be asked nothing more. */
  opened: Promise<void>;
}

/** This many calls in a row without an answer are an outage and not the audits' own trouble. */
const outageAfterFailures = 10;

/**
 * The one way of a tick to Kard: in order, so many calls a second, so many at once, and none after the time is up or
 * Kard has had enough. Until Kard answers, calls go one by one; the first failure of a call of the plan is then an
 * outage already. Failures of troubled audits stop troubled audits only, or they would stop every tick.
 */
export function kardGate(options: {
  callsPerSecond: number;
  callsAtOnce: number;
  /** Epoch milliseconds after which no call begins. */
  stopAt: number;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}): KardGate {
  const { callsAtOnce, stopAt, clock, sleep } = options;
  const turn = pacer(options.callsPerSecond);
  const opened = Promise.withResolvers<void>();
  /** In order; only the head is let in, so that one timer runs at most and nobody sleeps on after the stop. */
  const queue: { caller: Caller; admit: (isOpen: boolean) => void }[] = [];
  let isWaiting = false;
  let inFlight = 0;
  let calls = 0;
  let probing = true;
  const failuresInARow = { plan: 0, troubled: 0 };
  let stopped: StopReason | undefined;

  const stop = (reason: StopReason) => {
    stopped ??= reason;
    opened.resolve();
  };
  const stopReason = () => {
    if (stopped === undefined && clock() >= stopAt) stop("time-is-up");
    return stopped;
  };

  const isClosedTo = (caller: Caller) => stopReason() !== undefined || failuresInARow[caller] >= outageAfterFailures;

  const admitHead = () => {
    const head = queue.shift();
    if (head === undefined) return;
    const isOpen = !isClosedTo(head.caller);
    if (isOpen) {
      inFlight++;
      calls++;
    }
    head.admit(isOpen);
  };

  /** Lets in from the queue whoever can go now; whoever joins it or lands sees to the next. */
  const admitNext = () => {
    for (let head = queue[0]; head !== undefined && !isWaiting; head = queue[0]) {
      if (!isClosedTo(head.caller)) {
        if (inFlight >= (probing ? 1 : callsAtOnce)) return;
        const wait = turn(clock());
        if (clock() + wait >= stopAt) stop("time-is-up");
        else if (wait > 0) {
          admitAfter(wait);
          return;
        }
      }
      admitHead();
    }
  };

  const admitAfter = (wait: number): void => {
    isWaiting = true;
    void sleep(wait).then(() => {
      isWaiting = false;
      admitHead();
      admitNext();
    });
  };

  const judged = (caller: Caller, verdict: Verdict) => {
    if (verdict === "throttled") return stop(verdict);
    if (verdict === "answered") {
      failuresInARow.plan = 0;
      failuresInARow.troubled = 0;
      probing = false;
      return opened.resolve();
    }
    failuresInARow[caller]++;
    if (caller === "plan" && (probing || failuresInARow.plan >= outageAfterFailures)) {
      stop(verdict === "unauthorized" ? verdict : "outage");
    }
  };

  return {
    opened: opened.promise,
    stopReason,
    calls: () => calls,
    pass<Answer>(caller: Caller, call: () => Promise<Answer>, judge: (answer: Answer) => Verdict) {
      return new Promise<Answer | "stopped">((resolve, reject) => {
        const land = (verdict: Verdict) => {
          judged(caller, verdict);
          inFlight--;
          admitNext();
        };
        const answered = (answer: Answer) => {
          const verdict = judge(answer);
          resolve(isFailure(verdict) && isOutage(stopped) ? "stopped" : answer);
          land(verdict);
        };
        const failed = (error: unknown) => {
          reject(error);
          land("no-answer");
        };
        queue.push({
          caller,
          admit: (isOpen) => void (isOpen ? call().then(answered, failed) : resolve("stopped")),
        });
        admitNext();
      });
    },
  };
}

const isFailure = (verdict: Verdict) => verdict === "no-answer" || verdict === "unauthorized";
const isOutage = (stopped: StopReason | undefined) => stopped === "outage" || stopped === "unauthorized";
