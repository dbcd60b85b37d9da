import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof signals)[number];

/** `npm run` passes a signal on that the terminal has sent already: what follows within this time is the same one. */
const sameSignalMs = 1_000;

/**
 * Runs a task that a signal ends in order: the task is asked to stop, and its result is kept. A second signal ends the
 * program at once.
 *
 * @param note says on standard error that the program is stopping
 * @param task gets a signal that is aborted when it should begin nothing new
 * @returns its result, and the exit code of an interrupted program, 128 and the signal's number as in shells
 */
export async function interruptible<Result>(
  note: (text: string) => void,
  task: (stop: AbortSignal) => Promise<Result>,
): Promise<{ result: Result; interruptedCode: number | undefined }> {
  const stop = new AbortController();
  let interruptedCode: number | undefined;
  let interruptedAt = 0;
  const onSignal = (signal: Signal) => {
    const code = 128 + constants.signals[signal];
    if (interruptedCode === undefined) {
      interruptedCode = code;
      interruptedAt = performance.now();
      stop.abort();
      note("Stopping: what has begun is finished. Interrupt again to end at once.");
    } else if (performance.now() - interruptedAt > sameSignalMs) process.exit(code);
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const result = await task(stop.signal);
    return { result, interruptedCode };
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
