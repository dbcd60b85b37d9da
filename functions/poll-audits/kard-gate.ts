import { pacer } from "../core/pacer.ts";
import type { Clock } from "../core/ports.ts";

/** Why a tick asks Kard nothing more. */
export type StopReason = "time-is-up" | "throttled" | "unauthorized" | "outage";

/** What an answer means for those after it: `failed` may be this audit's own trouble or an outage. */
export type Verdict = "answered" | "failed" | { stop: Exclude<StopReason, "time-is-up" | "outage"> };

export interface KardGate {
  /** Makes a call in its turn; `stopped` instead when Kard is to be asked nothing more. */
  pass<Answer>(call: () => Promise<Answer>, judge: (answer: Answer) => Verdict): Promise<Answer | "stopped">;
  stopReason(): StopReason | undefined;
}

/** This many calls in a row without an answer are an outage and not the audits' own trouble. */
const outageAfterFailures = 3;

/**
 * The one way of a tick to Kard: so many calls a second, so many at once, and none after the time is up or Kard has had
 * enough. The first call goes alone, as a probe: if it fails, it was the tick's last.
 */
export function kardGate(options: {
  callsPerSecond: number;
  callsAtOnce: number;
  stopAt: number;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}): KardGate {
  const { clock, stopAt } = options;
  const turn = pacer(options.callsPerSecond, clock, options.sleep);
  const waiting: (() => void)[] = [];
  let free = 1;
  let probing = true;
  let failuresInARow = 0;
  let stopped: StopReason | undefined;

  const enter = async () => {
    if (free > 0) free--;
    else await new Promise<void>((resume) => waiting.push(resume));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  const open = () => {
    probing = false;
    for (let more = options.callsAtOnce - 1; more > 0; more--) leave();
  };
  const judged = (verdict: Verdict) => {
    if (typeof verdict === "object") stopped ??= verdict.stop;
    else if (verdict === "answered") failuresInARow = 0;
    else if (++failuresInARow >= outageAfterFailures || probing) stopped ??= "outage";
    if (probing) open();
  };

  return {
    async pass(call, judge) {
      await enter();
      try {
        if (stopped === undefined) await turn();
        if (stopped === undefined && clock() >= stopAt) stopped = "time-is-up";
        if (stopped !== undefined) return "stopped";
        const answer = await call();
        judged(judge(answer));
        return answer;
      } finally {
        leave();
      }
    },
    stopReason: () => stopped,
  };
}
