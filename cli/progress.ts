import { SingleBar } from "cli-progress";

export interface Progress {
  step(count?: number): void;
  stop(): void;
}

/** How often progress is reported to a file or a log, in milliseconds. */
const logEveryMs = 5_000;

/**
 * Reports progress on standard error: a bar on a terminal, else a line every few seconds.
 *
 * @param what is counted, such as `lines`
 * @param total 0 where it is not known
 */
export function startProgress(what: string, total: number): Progress {
  const isTerminal = process.stderr.isTTY === true;
  const count = total === 0 ? `{value} ${what}` : `{value} of {total} ${what}`;
  const bar = new SingleBar({
    format: isTerminal && total > 0 ? `{bar} ${count}` : count,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Its own handlers would keep a signal from ending the program.
    gracefulExit: false,
    synchronousUpdate: isTerminal,
    noTTYOutput: true,
    notTTYSchedule: logEveryMs,
  });
  bar.start(total, 0);
  return { step: (steps = 1) => bar.increment(steps), stop: () => bar.stop() };
}
