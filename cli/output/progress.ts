import { SingleBar } from "cli-progress";

export interface Progress {
  step(count?: number): void;
  stop(): void;
}

type Stream = NodeJS.WritableStream & { isTTY?: boolean };

/** The interval at which progress is reported to a file or a log, in milliseconds. */
const logEveryMs = 5_000;

/**
 * Reports progress on standard error: a bar on a terminal, otherwise a line every five seconds.
 *
 * @param what the unit, such as `lines`
 * @param total `undefined` if it is not known
 */
export function startProgress(what: string, total: number | undefined, stream: Stream = process.stderr): Progress {
  const count = total === undefined ? `{value} ${what}` : `{value} of {total} ${what}`;
  return stream.isTTY
    ? barOn(stream, total === undefined ? count : `{bar} ${count}`, total ?? 0)
    : linesOn(stream, count, total);
}

function barOn(stream: Stream, format: string, total: number): Progress {
  // With `gracefulExit` a signal would end the bar, not the program.
  const bar = new SingleBar({ format, stream, clearOnComplete: true, hideCursor: true, gracefulExit: false });
  bar.start(total, 0);
  return { step: (steps = 1) => bar.increment(steps), stop: () => bar.stop() };
}

function linesOn(stream: Stream, format: string, total: number | undefined): Progress {
  let value = 0;
  const print = () => stream.write(`${format.replace("{value}", String(value)).replace("{total}", String(total))}\n`);
  const timer = setInterval(print, logEveryMs);
  return {
    step(steps = 1) {
      value += steps;
    },
    stop: () => clearInterval(timer),
  };
}
